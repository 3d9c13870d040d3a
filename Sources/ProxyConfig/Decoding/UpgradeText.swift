// Protocols that connections may switch to.

/// Reads names of protocols as they stand in Upgrade (RFC 9110 section 7.8).
enum UpgradeText {
    /// The longest name, in bytes.
    static let longest = 64

    static let shape = TextShape(
        expected: "a protocol such as websocket, tcp or spdy/3.1",
        pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+(/[!#$%&'*+.^_`|~0-9A-Za-z-]+)?$")

    /// The protocol that `text` names: a token, with a version behind "/" if need be.
    static func read(_ text: String) throws(TextError) -> String {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let hint = meant(text)
        guard hint == nil, parts.allSatisfy({ FieldText.isToken($0) }), text.utf8.count <= longest else {
            throw TextError(message: "\(Quoting.quote(text)) is not a protocol", hint: hint)
        }
        guard !isHTTP(parts[0]) else {
            let message = "\(Quoting.quote(text)) leads to HTTP again, whose requests would pass unseen"
            throw TextError(message: message, expected: "a protocol that is not HTTP")
        }
        return parts.count == 1 && text.lowercased() == "websocket" ? "websocket" : text
    }

    /// Whether what would be switched to is HTTP again, in clear (RFC 9113 section 3.1 has done away with that) or in TLS (RFC
    /// 2817): requests in it would be neither routed nor checked.
    private static func isHTTP(_ name: Substring) -> Bool {
        ["h2c", "h2", "h3", "http", "tls"].contains(name.lowercased())
    }

    /// What to write for what is most likely a slip.
    private static func meant(_ text: String) -> String? {
        if text.contains(",") { return "write a list such as [websocket, tcp]" }
        switch text.lowercased() {
        case "websocket": return nil
        case "ws", "wss": return "did you mean 'websocket'?"
        case let name: return NearestName.find(name, among: ["websocket"]).map { "did you mean '\($0)'?" }
        }
    }
}
