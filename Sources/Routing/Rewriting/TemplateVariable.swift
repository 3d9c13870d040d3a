// What a template may take from a request, its connection and its way.
import MartletHTTPCore

/// A variable of a template.
package enum TemplateVariable: Hashable, Sendable {
    /// The client's address, without a port.
    case clientAddress
    case clientPort
    case requestID
    case method
    /// The host of the request, without a port.
    case host
    /// The path as the client sent it.
    case path
    /// The query as the client sent it, without "?".
    case query
    /// Path and query.
    case uri
    /// "http" or "https", as the client has come.
    case scheme
    /// The subject of the client's certificate.
    case tlsSubject
    /// "TLSv1.2" or "TLSv1.3".
    case tlsVersion
    /// The name that the client has asked for in its handshake.
    case tlsServerName
    /// The server that has answered.
    case serverAddress
    /// What the route is called.
    case route
    case upstream
    /// What the `/*` at the end of the route's path stands for, without the "/" in front.
    case rest
    /// The segment of the path to which the route's path gives a name.
    case segment(String)
    /// A group of a regular expression that has matched the path: its name, or its number as text.
    case group(String)
    /// The value of a request's field. The name is in lower case.
    case field(String)
    case cookie(String)
    /// The value of a parameter of the query, as it is written there.
    case parameter(String)

    /// The variables without a name of their own.
    private static let plain: [(name: String, variable: TemplateVariable)] = [
        ("client.ip", .clientAddress), ("client.port", .clientPort), ("request.id", .requestID),
        ("request.method", .method), ("host", .host), ("path", .path), ("query", .query), ("uri", .uri),
        ("scheme", .scheme), ("tls.subject", .tlsSubject), ("tls.version", .tlsVersion), ("tls.sni", .tlsServerName),
        ("server.address", .serverAddress), ("route", .route), ("upstream", .upstream), ("rest", .rest),
    ]

    /// The names of all variables, for hints.
    package static var names: [String] {
        plain.map(\.name) + ["path.NAME", "match.NAME", "field.NAME", "cookie.NAME", "query.NAME"]
    }

    /// The longest name of a field, a cookie or a parameter.
    private static let longestName = 64

    /// The variable that is written as `text` between its braces; `nil` if there is none.
    package init?(_ text: String) {
        if let known = Self.plain.first(where: { $0.name == text }) {
            self = known.variable
            return
        }
        guard let dot = text.firstIndex(of: ".") else { return nil }
        let name = String(text[text.index(after: dot)...])
        guard !name.isEmpty, name.utf8.count <= Self.longestName else { return nil }
        switch text[..<dot] {
        case "path" where Self.isWord(name): self = .segment(name)
        case "match" where Self.isNumber(name) || Self.isWord(name): self = .group(name)
        case "field" where Self.isToken(name): self = .field(name.lowercased())
        case "cookie" where Self.isToken(name): self = .cookie(name)
        case "query" where Self.isParameter(name): self = .parameter(name)
        default: return nil
        }
    }

    /// Whether it can be the name of a segment, or of a group.
    private static func isWord(_ name: String) -> Bool {
        name.utf8.allSatisfy { ByteKind($0) == .word } && !name.utf8.prefix(1).allSatisfy(Self.isDigit)
    }

    /// Whether it can be the number of a group, in its one spelling.
    private static func isNumber(_ name: String) -> Bool {
        name.utf8.count <= 2 && name.utf8.allSatisfy(Self.isDigit) && (name == "0" || name.utf8.first != 0x30)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isToken(_ name: String) -> Bool { name.utf8.allSatisfy { ByteScan.isToken($0) } }

    private static func isParameter(_ name: String) -> Bool {
        name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"&=#;".utf8.contains($0) }
    }
}
