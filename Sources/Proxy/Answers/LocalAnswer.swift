// Answers that Martlet makes itself.
import MartletHTTPCore

/// A response of Martlet's own, made outside of the loop.
package struct LocalAnswer: Sendable {
    package let status: Int
    /// The value of Content-Type; empty for no such field.
    package let contentType: String
    package let content: [UInt8]
    /// The value of Allow, for 405 (RFC 9110 section 10.2.1); `nil` for no such field.
    package let allow: String?
    /// The value of Location, for redirects.
    var location: String?
    /// More field lines.
    package var lines: [UInt8] = []
    /// Whether Cache-Control says that nobody may keep it.
    package var forbidsStoring = true

    package init(status: Int, contentType: String, content: [UInt8], allow: String? = nil) {
        self.status = status
        self.contentType = contentType
        self.content = content
        self.allow = allow
    }
}

extension ErrorFormat {
    /// The first form named in an Accept field that we can write.
    init(accept: Span<UInt8>) {
        self = .text
        // What most programs say that are not browsers.
        if accept.count == 3 { return }
        var start = 0
        for index in 0...accept.count where index == accept.count || accept[index] == 0x2C {
            let range = accept.extracting(start..<index)
            start = index + 1
            if Self.names(range, "text/html") || Self.names(range, "application/xhtml+xml") {
                self = .html
                return
            }
            if Self.names(range, "application/json") || Self.names(range, "application/problem+json") {
                self = .json
                return
            }
            if Self.names(range, "text/plain") { return }
        }
    }

    /// Whether a media range, parameters aside, is `type`.
    private static func names(_ range: Span<UInt8>, _ type: StaticString) -> Bool {
        var end = 0
        while end < range.count && range[end] != 0x3B { end += 1 }
        let trimmed = ByteScan.trimmed(range, from: 0, to: end)
        return ByteScan.equals(range.extracting(trimmed), lowercase: type)
    }
}
