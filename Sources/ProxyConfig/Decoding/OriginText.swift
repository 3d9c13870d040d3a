// Origins of pages (RFC 6454 section 6.2), as browsers say them.
import MartletHTTPCore
import MartletRouting

/// Reads origins.
enum OriginText {
    static let shape = TextShape(
        expected: "an origin such as https://app.example.com or \"https://*.example.com\", \"*\" or \"null\"",
        pattern: #"^(\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]+)$"#)

    /// The origin in the one way in which browsers say it: in small letters, without the scheme's usual port.
    static func read(_ text: String) throws(TextError) -> String {
        if text == "*" || text == "null" { return text }
        guard let mark = text.firstRange(of: "://") else {
            let isHost = (try? HostPattern(parsing: text)) != nil
            throw TextError(
                message: "\(Quoting.quote(text)) is not an origin",
                hint: isHost ? "did you mean 'https://\(text)'?" : nil)
        }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme.utf8.first.map({ (0x61...0x7A).contains($0) }) == true, scheme.utf8.allSatisfy(isOfScheme) else {
            throw TextError(message: "\(Quoting.quote(text)) is not an origin")
        }
        let rest = text[mark.upperBound...]
        if let end = rest.firstIndex(where: { "/?#".contains($0) }) {
            throw TextError(
                message: "\(Quoting.quote(text)) is more than an origin",
                hint: "did you mean '\(text[..<end])'?")
        }
        return try scheme + "://" + place(rest, scheme, in: text)
    }

    /// Host and port.
    private static func place(_ rest: Substring, _ scheme: String, in text: String) throws(TextError) -> String {
        var host = rest
        var port = ""
        if !rest.hasSuffix("]"), let colon = rest.lastIndex(of: ":") {
            host = rest[..<colon]
            let digits = rest[rest.index(after: colon)...]
            guard let number = UInt16(digits), number > 0, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw TextError(message: "\(Quoting.quote(text)) has no port behind the colon")
            }
            let usual: [String: UInt16] = ["http": 80, "https": 443]
            if usual[scheme] != number { port = ":\(number)" }
        }
        do throws(PatternError) {
            return try HostPattern(parsing: String(host)).description + port
        } catch {
            throw TextError(message: "\(Quoting.quote(text)) is not an origin", expected: shape.expected)
        }
    }

    private static func isOfScheme(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }
}
