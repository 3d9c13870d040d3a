// Content becomes chunks.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

/// Frames content in its buffer (RFC 9112 section 7.1).
enum Framing {
    /// Bytes around a chunk: its first line, and CR LF behind it.
    private static var chunkRoom: Int { 32 }

    /// Makes one chunk of the whole buffer, if there is anything in it, and puts `tail` behind it when it is the last.
    /// Received buffers have room for that; what has none is moved. `false` when memory is used up.
    static func chunk(
        _ buffer: inout Buffer, isLast: Bool, tail: borrowing HeadWriter, pool: borrowing BufferPool
    ) -> Bool {
        let behind = chunkRoom + (isLast ? tail.count : 0)
        if buffer.roomInFront < chunkRoom || buffer.roomBehind < behind {
            guard var larger = pool.take(room: buffer.count + behind, headroom: chunkRoom) else { return false }
            if !larger.append(buffer.bytes) { return false }
            buffer = larger
        }
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
