// Names in certificates, and where they come from.
import MartletHTTPCore

/// Reads names in certificates.
enum SecureText {
    static let domain = TextShape(
        expected: "a name such as example.com or \"*.example.com\"",
        pattern: #"^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"#)
    static let serverName = TextShape(
        expected: "a name such as app.example.com, or an IP address", pattern: "^[A-Za-z0-9_.:-]+$")
    static let clientName = TextShape(
        expected: "a name such as client.example.com, \"*.example.com\" or spiffe://example.com/web",
        pattern: #"^\S(.*\S)?$"#)
    static let email = TextShape(expected: "an address such as admin@example.com", pattern: #"^[^\s@]+@[^\s@]+$"#)
    static let url = TextShape(
        expected: "a URL such as https://acme.example.com/directory", pattern: #"^https://[^/\s]+(/\S*)?$"#)

    static let service = TextShape(
        expected: "a URL such as http://127.0.0.1:4180/auth", pattern: #"^https?://[^/?#@\s]+([/?][^#\s]*)?$"#)

    /// A name in lower case, which may stand for all names below it.
    static func domain(_ text: String) throws(TextError) -> String {
        let bare = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        if IPAddress(parsing: text) != nil {
            throw TextError(message: "\(Quoting.quote(text)) is an IP address")
        }
        return try (text.hasPrefix("*.") ? "*." : "") + host(bare, of: text)
    }

    /// A name in lower case, or an IP address.
    static func serverName(_ text: String) throws(TextError) -> String {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if let address = IPAddress(parsing: bare) { return "\(address)" }
        return try host(text, of: text)
    }

    private static func host(_ bare: String, of text: String) throws(TextError) -> String {
        do throws(AddressError) {
            if case .name(let name, _) = try ServerAddress(parsing: bare + ":443"), !name.hasSuffix(".") {
                return name
            }
        } catch {
            // Whatever it is instead, the message below says it.
        }
        throw TextError(message: "\(Quoting.quote(text)) is not a name")
    }

    /// A name of a client, as the check of certificates takes it.
    static func clientName(_ text: String) throws(TextError) -> String {
        if text.utf8.count <= 2048, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            if text.hasPrefix("*.") { return try domain(text) }
            if !text.contains("*") { return text }
            // The only other place for a star is the end of a SPIFFE id.
            let stem = text.dropLast(2)
            if text.hasPrefix("spiffe://"), text.hasSuffix("/*"), !stem.contains("*"), stem.count > "spiffe://".count {
                return text
            }
        }
        throw TextError(message: "\(Quoting.quote(text)) is not a name of a client")
    }

    /// An address of email, as far as one can see.
    static func email(_ text: String) throws(TextError) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x2C }
        guard isPlain, parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.utf8.count <= 320 else {
            let hint = text.hasPrefix("mailto:") ? "leave 'mailto:' away" : nil
            throw TextError(message: "\(Quoting.quote(text)) is not an address of email", hint: hint)
        }
        if text.hasPrefix("mailto:") {
            throw TextError(message: "\(Quoting.quote(text)) is not an address of email", hint: "leave 'mailto:' away")
        }
        return text
    }

    /// A URL of a service, without user information and fragment, with a path.
    static func service(_ text: String) throws(TextError) -> String {
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }), text.utf8.count <= 2048 else {
            throw TextError(message: "\(Quoting.quote(text)) is not a URL of a service")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        if authority.contains("@") {
            throw TextError(message: "\(Quoting.quote(text)) has a name or a password in it")
        }
        let target = rest.dropFirst(authority.count)
        let path = target.hasPrefix("/") ? String(target) : "/" + target
        return try scheme + FieldText.host(String(authority)) + FieldText.path(path)
    }

    /// A URL of a server that proves who it is.
    static func url(_ text: String) throws(TextError) -> String {
        let scheme = "https://"
        if text.hasPrefix("http://") {
            throw TextError(message: "\(Quoting.quote(text)) is not protected by TLS", hint: "use 'https://'")
        }
        let rest = text.dropFirst(scheme.count)
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard text.hasPrefix(scheme), isPlain, let first = rest.first, first != "/", text.utf8.count <= 2048 else {
            throw TextError(message: "\(Quoting.quote(text)) is not a URL")
        }
        return text
    }
}
