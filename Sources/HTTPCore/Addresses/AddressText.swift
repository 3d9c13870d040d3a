// What the texts of servers and listeners have in common: `host:port` and `unix:path`.

/// The two halves of `host:port`.
struct AddressText {
    /// What stands before the last colon, without brackets.
    let host: String
    /// The IP address `host` spells, if it is one.
    let address: IPAddress?
    /// What stands behind the last colon.
    private let portText: String
    /// Where `portText` begins in the text.
    private let portOffset: Int

    /// Splits `text` at its last colon. `expected` is for the error.
    static func split(_ text: some StringProtocol, expected: String) throws(AddressError) -> AddressText {
        let count = text.utf8.count
        if text.contains("://") {
            throw AddressError("'\(text)' is a URL, not an address", expected: expected, at: 0, length: count)
        }
        if text.first == "[" { return try splitBracketed(text, expected: expected) }
        guard let colon = text.lastIndex(of: ":") else {
            let wrong = text.isEmpty ? "the address is empty" : "the port of '\(text)' is missing"
            throw AddressError(wrong, expected: expected, at: 0, length: count)
        }
        let host = text[..<colon]
        guard !host.contains(":") else {
            let expected = "an IPv6 address in brackets with a port, such as [::1]:8080"
            throw AddressError("'\(text)' is ambiguous", expected: expected, at: 0, length: count)
        }
        let port = text[text.index(after: colon)...]
        return AddressText(
            host: String(host), address: IPAddress(parsing: host), portText: String(port),
            portOffset: host.utf8.count + 1)
    }

    private static func splitBracketed(
        _ text: some StringProtocol, expected: String
    ) throws(AddressError) -> AddressText {
        guard let close = text.firstIndex(of: "]") else {
            throw AddressError("the bracket is not closed", expected: expected, at: 0, length: text.utf8.count)
        }
        let host = text[text.index(after: text.startIndex)..<close]
        guard let address = IPAddress(parsing: host), host.contains(":") else {
            throw AddressError("'\(host)' is not an IPv6 address", expected: expected, at: 1, length: host.utf8.count)
        }
        let rest = text[text.index(after: close)...]
        let offset = host.utf8.count + 2
        guard rest.first == ":" else {
            throw AddressError(
                "the port of '\(text)' is missing", expected: expected, at: offset, length: rest.utf8.count)
        }
        return AddressText(
            host: String(host), address: address, portText: String(rest.dropFirst()), portOffset: offset + 1)
    }

    /// The port, not below `minimum`.
    func port(from minimum: Int) throws(AddressError) -> UInt16 {
        guard let value = AddressNumber.parse(portText, upTo: 65535), value >= minimum else {
            let wrong = portText.isEmpty ? "the port is missing" : "'\(portText)' is not a port"
            let expected = "a port between \(minimum) and 65535"
            throw AddressError(wrong, expected: expected, at: portOffset, length: portText.utf8.count)
        }
        return UInt16(value)
    }

    /// The host as a name in lower case (RFC 1123 section 2.1; the underscore too, which container engines hand out).
    func hostName(expected: String) throws(AddressError) -> String {
        guard !host.isEmpty else { throw error("the host is missing", expected: expected) }
        let labels = (host.hasSuffix(".") ? host.dropLast() : host[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.allSatisfy(AddressText.isLabel) else {
            throw error("'\(host)' is neither an IP address nor a host name", expected: expected)
        }
        // No top-level domain is all digits, so this was meant to be an IPv4 address.
        if let last = labels.last, last.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) {
            throw error("'\(host)' is not an IPv4 address", expected: expected)
        }
        return host.lowercased()
    }

    private static func isLabel(_ label: Substring) -> Bool {
        !label.isEmpty && label.utf8.count <= 63 && label.utf8.first != 0x2D && label.utf8.last != 0x2D
            && label.utf8.allSatisfy { byte in
                byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F
            }
    }

    /// An error about the host.
    func error(_ message: String, expected: String) -> AddressError {
        AddressError(message, expected: expected, at: 0, length: host.utf8.count)
    }

    /// What stands behind `unix:`, if that is how `text` begins.
    static func unixPath(_ text: some StringProtocol) -> String? {
        text.hasPrefix("unix:") ? String(text.dropFirst(5)) : nil
    }

    /// `path`, if the kernel can take it: absolute (what it is relative to would be anyone's guess), no NUL, and with
    /// the NUL that ends it within the 108 bytes of `sun_path` (unix(7)).
    static func checkUnixPath(_ path: String) throws(AddressError) -> String {
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= 107, !path.utf8.contains(0) else {
            let wrong =
                path.isEmpty ? "the path of the socket is missing" : "'\(path)' cannot be the path of a Unix socket"
            let expected = "an absolute path of at most 107 bytes, such as unix:/run/app.sock"
            throw AddressError(wrong, expected: expected, at: 5, length: path.utf8.count)
        }
        return path
    }
}
