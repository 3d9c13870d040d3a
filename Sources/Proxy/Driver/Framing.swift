// Content becomes chunks.
import MartletEventLoop
import MartletHTTP1

/// Frames content in its buffer (RFC 9112 section 7.1).
enum Framing {
    /// Makes one chunk of the whole buffer, if there is anything in it, and puts `tail` behind it when it is the last.
    /// `false` when there is no room, which the headroom and the tailroom of received buffers rule out for tails
    /// without large trailers.
    static func chunk(_ buffer: inout Buffer, isLast: Bool, tail: borrowing HeadWriter) -> Bool {
        if !buffer.isEmpty {
            let size = buffer.count
            if !buffer.append("\r\n") { return false }
            var line = InlineArray<24, UInt8>(repeating: 0)
            var span = line.mutableSpan
            let start = ChunkFraming.writeHead(size: size, endingAt: 24, in: &span)
            if !buffer.prepend(line.span.extracting(start..<24)) { return false }
        }
        return !isLast || buffer.append(tail.bytes)
    }
}
