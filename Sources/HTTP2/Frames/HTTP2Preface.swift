// What a client sends before its first frame.

import MartletHTTPCore

/// The client's connection preface (RFC 9113 section 3.4).
package enum HTTP2Preface {
    /// How many bytes it has.
    package static var size: Int { 24 }
    /// The bytes.
    package static var text: StaticString { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" }

    /// Whether `bytes` are the beginning of a preface, or begin with one: what has to be known before a connection
    /// without TLS is read as HTTP/1.1 or HTTP/2. One that has not begun is no preface.
    package static func begins(_ bytes: Span<UInt8>) -> Bool {
        let text = text.bytes
        let count = min(bytes.count, size)
        for index in 0..<count where bytes[index] != text[index] { return false }
        return count > 0
    }
}
