// Templates in the config, and the names of what is changed by them. The templates themselves are the business of
// `Sources/Routing/Rewriting`.
import MartletHTTPCore
import MartletRouting

/// Reads templates.
enum TemplateText {
    /// The longest template, in bytes.
    static let longest = 4096

    static let location = TextShape(
        expected: "a URL such as https://{host}{uri}, or a path",
        pattern: #"^(https?://|\{scheme\}://|/|\{(path|uri)\})\S*$"#)
    static let host = TextShape(
        expected: "a host such as app.example.com, with a port if need be",
        pattern: #"^([A-Za-z0-9._{}-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?$"#)
    static let path = TextShape(expected: "a path such as /new/{rest}", pattern: #"^/[^?#\s]*$"#)
    static let prefix = TextShape(expected: "a path without '/' at its end, such as /app", pattern: #"^(/[^/?#\s]+)+$"#)
    static let parameter = TextShape(expected: "the name of a parameter of a query", pattern: #"^[^\s]+$"#)

    /// The text as it is, if it is a template for its place.
    static func read(_ text: String, for use: TemplateUse) throws(TextError) -> String {
        guard text.utf8.count <= longest else {
            throw TextError(message: "a template of \(text.utf8.count) bytes is longer than \(longest)")
        }
        do throws(TemplateError) {
            try use.check(try Template(parsing: text))
        } catch {
            throw TextError(error)
        }
        return text
    }

    /// A prefix of paths.
    static func prefix(_ text: String) throws(TextError) -> String {
        guard text.hasPrefix("/"), !text.hasSuffix("/"), !text.utf8.contains(0x3F), !text.utf8.contains(0x23),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }), text.utf8.count <= 1024
        else { throw TextError(message: "\(Quoting.quote(text)) is not a prefix of paths") }
        guard !text.contains("//"), !RequestPath.hasDotSegment(text.utf8.span) else {
            throw TextError(message: "\(Quoting.quote(text)) has an empty segment, or one of dots")
        }
        return text
    }

    /// The name of a parameter of a query, as it is without percent-encoding.
    static func parameter(_ text: String) throws(TextError) -> String {
        guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw TextError(message: "\(Quoting.quote(text)) is not the name of a parameter")
        }
        return text
    }
}

/// Names of fields that a config may change.
enum EditedField {
    /// Those that say who a client has proved to be, or which way a message took: nobody but Martlet writes them.
    private static let own: Set<String> = [
        "via", "x-client-verified", "x-client-subject", "x-client-names", "x-client-fingerprint", "client-cert",
        "client-cert-chain", "http2-settings", "proxy-authenticate", "proxy-authorization",
    ]

    /// Those that Martlet writes into requests, which may be set or removed, but neither added to nor renamed.
    static let forwarding: Set<String> = [
        "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "x-request-id",
    ]

    /// Whether nobody but Martlet writes a field, whose name is in lower case.
    static func isOwn(_ name: String) -> Bool { own.contains(name) || forwarding.contains(name) }

    /// The name of a field that may be changed.
    static func name(_ text: String) throws(TextError) -> String {
        guard FieldText.isToken(text) else {
            throw TextError(
                message: "\(Quoting.quote(text)) is not the name of a header field", expected: FieldText.name.expected)
        }
        if text.lowercased() == "host" {
            throw TextError(message: "the field 'Host' has a key of its own", hint: "use 'host' in 'rewrite'")
        }
        if own.contains(text.lowercased()) {
            throw TextError(message: "the field \(Quoting.quote(text)) is Martlet's own", expected: "another field")
        }
        return try FieldText.name(text)
    }
}

extension TextError {
    /// Why a text is no template for its place; what is at fault is marked.
    init(_ error: TemplateError) {
        var hint = error.hint
        if let unknown = error.unknown {
            let near = NearestName.find(unknown, among: TemplateVariable.names)
            hint = near.map { "did you mean '{\($0)}'?" } ?? "docs/rewriting.md has a list of them"
        }
        self.init(
            message: error.message, part: (error.place.lowerBound, max(1, error.place.count)), hint: hint)
    }
}
