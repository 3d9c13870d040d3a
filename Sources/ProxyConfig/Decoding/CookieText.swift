// Cookies: what may stand in Set-Cookie (RFC 6265 section 4.1.1). Nothing passes here that could end an attribute or
// begin another one.
import MartletHTTPCore

/// Reads parts of a cookie.
enum CookieText {
    static let name = TextShape(
        expected: "the name of a cookie such as martlet", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
    static let path = TextShape(expected: "a path such as / or /app", pattern: #"^/[^;\s]*$"#)
    static let domain = TextShape(
        expected: "a domain such as example.com", pattern: #"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"#)
    static let secret = TextShape(
        expected: "a random text of at least \(SecretText.shortest) characters, such as 'openssl rand -hex 32' makes",
        pattern: "^.{\(SecretText.shortest),}$")

    /// The name of a cookie: a token.
    static func name(_ text: String) throws(TextError) -> String {
        guard FieldText.isToken(text), text.utf8.count <= 64 else {
            throw TextError(message: "\(Quoting.quote(text)) is not the name of a cookie")
        }
        return text
    }

    /// The path a cookie is sent for.
    static func path(_ text: String) throws(TextError) -> String {
        guard text.hasPrefix("/") else { throw TextError(message: "\(Quoting.quote(text)) does not begin with '/'") }
        guard text.utf8.count <= 256, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3B }) else {
            throw TextError(message: "\(Quoting.quote(text)) is not the path of a cookie")
        }
        return text
    }

    /// The domain a cookie is sent to, in lower case. A dot in front is what browsers ignore (RFC 6265 section 5.2.3).
    static func domain(_ text: String) throws(TextError) -> String {
        let bare = text.hasPrefix(".") ? String(text.dropFirst()) : text
        do throws(AddressError) {
            if case .name(let name, _) = try ServerAddress(parsing: bare + ":80"), !name.hasSuffix(".") { return name }
        } catch {
            // Whatever it is instead, the message below says it.
        }
        throw TextError(message: "\(Quoting.quote(text)) is not a domain")
    }
}

/// Secrets, of which no message shows anything.
enum SecretText {
    /// The shortest secret, in bytes: 128 bits, if it is written in hexadecimal digits of its own.
    static let shortest = 32

    /// A secret that is long enough.
    static func read(_ text: String) throws(TextError) -> String {
        guard text.utf8.count >= shortest else {
            throw TextError(message: "a secret of \(text.utf8.count) characters can be guessed")
        }
        return text
    }
}
