// What is read of a TLS ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).

/// What a client says in clear when it begins TLS.
package struct ClientHello: Equatable, Sendable {
    /// The name of the server that it wants, in lower case (RFC 6066 section 3).
    package var serverName: String?
    /// The protocols that it offers (RFC 7301).
    package var protocols: [[UInt8]] = []

    package init() {}
}

/// Why bytes are no ClientHello.
package enum ClientHelloRefusal: UInt8, Error, Sendable, BitwiseCopyable {
    case notTLS, notAClientHello, malformed, tooLarge

    /// Words for the log.
    package var reason: String {
        switch self {
        case .notTLS: "not TLS"
        case .notAClientHello: "TLS that does not begin with a ClientHello"
        case .malformed: "malformed ClientHello"
        case .tooLarge: "ClientHello too large"
        }
    }
}

/// What the bytes at the beginning of a connection are.
package enum ClientHelloResult: Equatable, Sendable {
    /// A ClientHello may become of them.
    case incomplete
    case complete(ClientHello)
    case refused(ClientHelloRefusal)
}

/// Reads what a ClientHello says; every length must be right.
enum ClientHelloParser {
    private static let serverNameExtension = 0
    private static let protocolsExtension = 16
    private static var longestName: Int { 255 }

    /// - Parameter message: the handshake message without its type and length; `nil` if it is malformed.
    static func parse(_ message: [UInt8]) -> ClientHello? {
        var reader = ByteReader(message[...])
        // Version and random.
        guard let version = reader.take(2), version.first == 3, reader.take(32) != nil,
            let session = reader.takeVector(lengthBytes: 1), session.count <= 32,
            let suites = reader.takeVector(lengthBytes: 2), suites.count >= 2, suites.count.isMultiple(of: 2),
            let compressions = reader.takeVector(lengthBytes: 1), !compressions.isEmpty
        else { return nil }
        var hello = ClientHello()
        if reader.isAtEnd { return hello }
        guard let extensions = reader.takeVector(lengthBytes: 2), reader.isAtEnd,
            parseExtensions(extensions, into: &hello)
        else { return nil }
        return hello
    }

    private static func parseExtensions(_ bytes: ArraySlice<UInt8>, into hello: inout ClientHello) -> Bool {
        var reader = ByteReader(bytes)
        var seen: Set<Int> = []
        while !reader.isAtEnd {
            guard let type = reader.takeNumber(bytes: 2), let content = reader.takeVector(lengthBytes: 2),
                seen.insert(type).inserted
            else { return false }
            switch type {
            case serverNameExtension:
                guard let name = serverName(content) else { return false }
                hello.serverName = name
            case protocolsExtension:
                guard let protocols = protocols(content) else { return false }
                hello.protocols = protocols
            default: continue
            }
        }
        return true
    }

    /// RFC 6066 section 3: a list of names, of which none has been defined but that of a host.
    private static func serverName(_ bytes: ArraySlice<UInt8>) -> String? {
        var outer = ByteReader(bytes)
        guard let list = outer.takeVector(lengthBytes: 2), outer.isAtEnd else { return nil }
        var reader = ByteReader(list)
        guard reader.takeNumber(bytes: 1) == 0, let name = reader.takeVector(lengthBytes: 2), reader.isAtEnd,
            !name.isEmpty, name.count <= longestName, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        var text = String(decoding: name, as: UTF8.self).lowercased()
        if text.utf8.count > 1 && text.utf8.last == 0x2E { text.removeLast() }
        return text
    }

    /// RFC 7301 section 3.1.
    private static func protocols(_ bytes: ArraySlice<UInt8>) -> [[UInt8]]? {
        var outer = ByteReader(bytes)
        guard let list = outer.takeVector(lengthBytes: 2), outer.isAtEnd, !list.isEmpty else { return nil }
        var reader = ByteReader(list)
        var protocols: [[UInt8]] = []
        while !reader.isAtEnd {
            guard let name = reader.takeVector(lengthBytes: 1), !name.isEmpty else { return nil }
            protocols.append(Array(name))
        }
        return protocols
    }
}

/// Reads bytes from the front, and never past the end.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        if count > rest.count { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func takeNumber(bytes count: Int) -> Int? { take(count)?.reduce(0) { $0 << 8 | Int($1) } }

    /// Bytes with their number in front.
    mutating func takeVector(lengthBytes: Int) -> ArraySlice<UInt8>? {
        guard let count = takeNumber(bytes: lengthBytes) else { return nil }
        return take(count)
    }
}
