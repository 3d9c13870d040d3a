// What goes into a head: methods, targets, hosts, fields. Nothing passes here that could end a line or begin another
// one.
import MartletHTTPCore

/// Reads parts of a request head.
enum FieldText {
    /// The longest value of a field, in bytes.
    static let longestValue = 4096
    /// The longest path with its query, in bytes.
    static let longestPath = 2048

    static let name = TextShape(
        expected: "the name of a header field such as X-Probe", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
    static let method = TextShape(expected: "a method such as GET, HEAD or OPTIONS", pattern: "^[A-Z-]+$")
    static let path = TextShape(expected: "a path such as /healthz", pattern: #"^/[^#\s]*$"#)
    static let host = TextShape(
        expected: "a host such as app.example.com, with a port if need be",
        pattern: #"^([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?$"#)

    /// Whether `text` is a token (RFC 9110 section 5.6.2).
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { ByteScan.isToken($0) }
    }

    /// A method that a check can make: a token, in capitals where it is a known one.
    static func method(_ text: String) throws(TextError) -> String {
        guard isToken(text) else { throw TextError(message: "\(Quoting.quote(text)) is not a method") }
        if text == "CONNECT" { throw TextError(message: "CONNECT asks for a tunnel, not for an answer") }
        guard text == text.uppercased() else {
            let message = "\(Quoting.quote(text)) is not a method: their case matters"
            throw TextError(message: message, hint: "did you mean '\(text.uppercased())'?")
        }
        return text
    }

    /// A request target in origin form (RFC 9112 section 3.2.1).
    static func path(_ text: String) throws(TextError) -> String {
        if text.contains("://") {
            throw TextError(message: "\(Quoting.quote(text)) is a URL", hint: "remove what is before the path")
        }
        guard text.hasPrefix("/") else { throw TextError(message: "\(Quoting.quote(text)) does not begin with '/'") }
        guard text.utf8.count <= longestPath else {
            throw TextError(message: "a path of \(text.utf8.count) bytes is longer than \(longestPath)")
        }
        guard let offset = text.utf8.enumerated().first(where: { !isOfTarget($0.element) })?.offset else { return text }
        let message = "\(Quoting.quote(text)) is not the path of a request"
        let expected = "printable ASCII without '#'; write other characters percent-encoded"
        throw TextError(message: message, expected: expected, part: (offset, 1))
    }

    private static func isOfTarget(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && byte != 0x23 }

    /// The value of Host (RFC 9110 section 7.2), without user information.
    static func host(_ text: String) throws(TextError) -> String {
        // The port is optional here, as that of the scheme is meant otherwise.
        let hasPort = !text.hasSuffix("]") && text.contains(":")
        let address = try? ServerAddress(parsing: hasPort ? text : text + ":80")
        switch address {
        case .ip, .name: return text
        case .unix, nil: throw TextError(message: "\(Quoting.quote(text)) is not a host")
        }
    }

    /// The name of a field that may be set.
    static func name(_ text: String) throws(TextError) -> String {
        guard isToken(text) else {
            throw TextError(
                message: "\(Quoting.quote(text)) is not the name of a header field", expected: name.expected)
        }
        let name = text.lowercased()
        if name == "host" { throw TextError(message: "the field 'Host' has a key of its own", hint: "use 'host'") }
        guard !ofTheConnection.contains(name) else {
            let message = "the field \(Quoting.quote(text)) is not the config's to set"
            throw TextError(message: message, expected: "a field that is about neither the connection nor the framing")
        }
        return text
    }

    /// Fields that say how a message is framed, or what a connection is used for (RFC 9110 section 7.6.1).
    private static let ofTheConnection: Set<String> = [
        "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// The value of a field (RFC 9110 section 5.5), without white space around it.
    static func value(_ text: String) throws(TextError) -> String {
        guard text.utf8.count <= longestValue else {
            throw TextError(message: "a value of \(text.utf8.count) bytes is longer than \(longestValue)")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
            throw TextError(message: "\(Quoting.quote(text)) has a control character in it")
        }
        guard text.first != " ", text.last != " ", text.first != "\t", text.last != "\t" else {
            throw TextError(message: "\(Quoting.quote(text)) begins or ends with a space")
        }
        return text
    }
}
