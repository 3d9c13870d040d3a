// A response of a demo server: composed once, sent often.
import MartletHTTP1
import MartletHTTPCore

/// A whole response, head and content.
struct Answer: Sendable, Equatable {
    let bytes: [UInt8]
    /// How many of them are the head, which is all that HEAD is answered with.
    let headCount: Int

    init(_ status: Int, type: StaticString, content: [UInt8]) {
        var writer = HeadWriter(capacity: 512)
        writer.statusLine(status)
        writer.field(name: "Content-Type", value: type)
        writer.contentLength(UInt64(content.count))
        writer.endOfHead()
        let head = writer.bytes
        bytes = head.indices.map { head[$0] } + content
        headCount = head.count
    }

    /// A line of text.
    init(_ status: Int, text: String) {
        self.init(status, type: "text/plain; charset=utf-8", content: Array((text + "\n").utf8))
    }
}
