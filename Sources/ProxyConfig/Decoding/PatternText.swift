// Hosts and paths of routes. The patterns themselves are the routes' business; here is what only a config can get
// wrong.
import MartletHTTPCore
import MartletRouting

/// Reads patterns.
enum PatternText {
    static let hostExpected = "a host such as example.com or \"*.example.com\""
    static let pathExpected = "a path such as /a, /api/* or /users/*/photo"

    /// The host pattern in the one form it is compared in: lower case, without a dot at the end.
    static func host(_ text: String) throws(TextError) -> String {
        let (first, last) = (text.utf8.first, text.utf8.last)
        let isBracketed = first == UInt8(ascii: "[") && last == UInt8(ascii: "]")
        if first == UInt8(ascii: ".") || isBracketed && IPAddress(parsing: text.dropFirst().dropLast()) == nil {
            throw TextError(message: "\(Quoting.quote(text)) is not a host", expected: hostExpected)
        }
        do throws(PatternError) {
            return try HostPattern(parsing: text).description
        } catch {
            throw TextError(error, in: text, kind: "host")
        }
    }

    /// The path pattern as it is.
    static func path(_ text: String) throws(TextError) -> String {
        do throws(PatternError) {
            return try PathPattern(parsing: text).description
        } catch {
            throw TextError(error, in: text, kind: "path")
        }
    }
}

extension TextError {
    /// Why `text` is no pattern; the character at fault is marked.
    fileprivate init(_ error: PatternError, in text: String, kind: String) {
        let message = "\(Quoting.quote(text)) is not a \(kind)"
        self.init(
            message: message, expected: error.message.replacing("`", with: "'"),
            part: error.offset == 0 ? nil : (error.offset, 1))
    }
}
