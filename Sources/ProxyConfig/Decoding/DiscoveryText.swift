// Names and resolvers of the DNS, as they are written.
import MartletHTTPCore

/// Reads them.
enum DiscoveryText {
    static let name = TextShape(
        expected: "a name of the DNS such as app.internal or _http._tcp.app.internal",
        pattern: #"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$"#)
    static let resolver = TextShape(
        expected: "the address of a resolver such as 10.0.0.2, 10.0.0.2:5353 or [::1]:53",
        pattern: #"^([0-9.]+(:[0-9]{1,5})?|[0-9a-fA-F:.]+|\[[0-9a-fA-F:.]+\]:[0-9]{1,5})$"#)
    /// RFC 1035 section 2.3.4; as text, which is two bytes shorter than on the wire.
    private static let mostBytes = 253
    private static let mostLabelBytes = 63

    /// A name in lower case. A dot at its end stays: it says that the name is whole.
    static func name(_ text: String) throws(TextError) -> String {
        let whole = text.hasSuffix(".") ? text.dropLast() : text[...]
        if IPAddress(parsing: text) != nil {
            throw TextError(
                message: "\(Quoting.quote(text)) is an address, not a name", hint: "write it under 'servers'")
        }
        if whole.utf8.count > mostBytes { throw TextError(message: "the name is longer than \(mostBytes) bytes") }
        for label in whole.split(separator: ".", omittingEmptySubsequences: false) {
            if label.utf8.count > mostLabelBytes {
                throw TextError(message: "\(Quoting.quote(String(label))) is longer than \(mostLabelBytes) bytes")
            }
            if label.isEmpty || !label.utf8.allSatisfy(isInName) {
                throw TextError(message: "\(Quoting.quote(text)) is not a name of the DNS")
            }
        }
        return text.lowercased()
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    /// An address with or without a port.
    static func resolver(_ text: String) throws(TextError) -> ServerAddress {
        if let address = IPAddress(parsing: text) { return .ip(address, port: 53) }
        do throws(AddressError) {
            let address = try ServerAddress(parsing: text)
            if case .ip = address { return address }
        } catch {
            throw TextError(message: error.message, part: (error.offset, error.length))
        }
        throw TextError(message: "\(Quoting.quote(text)) is not the address of a resolver")
    }
}

extension ValueType where Value == String {
    /// A name that is looked up by Martlet itself.
    static var discoveredName: ValueType {
        .parsed(DiscoveryText.name, blank: "", write: { $0 }) { text throws(TextError) in
            try DiscoveryText.name(text)
        }
    }
}

extension ValueType where Value == ServerAddress {
    /// Who is asked about names.
    static var resolverAddress: ValueType {
        .parsed(DiscoveryText.resolver, blank: .unix(path: ""), write: \.description) { text throws(TextError) in
            try DiscoveryText.resolver(text)
        }
    }
}
