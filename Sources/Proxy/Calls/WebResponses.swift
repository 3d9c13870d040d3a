// Responses of servers of gRPC on their way to clients of gRPC-Web: messages stay messages, trailers become a last frame.
import MartletEventLoop
import MartletGRPC
import MartletHTTP1
import MartletHTTPCore

extension ProxyDriver {
    /// The head of the response to a call of gRPC-Web is in `response`. Only what gRPC says is translated: an answer of something
    /// else passes as it is, with its status, which clients understand.
    mutating func noteWebResponse(_ arena: Span<UInt8>, _ exchange: UInt32) {
        guard exchanges[exchange].flags.contains(.isWeb), exchanges[exchange].call.isAnswered, response.status == 200,
            let type = response.fields.firstIndex(of: .contentType),
            let rest = WebContentType.rest(
                of: arena.extracting(response.fields[type].value), behind: WebContentType.call)
        else { return }
        exchanges[exchange].flags.insert(.isWebAnswered)
        // Trailers become content, and text is longer: a length does not hold, unless there is nothing.
        if response.framing != .none && response.framing != .length(0) {
            let isHTTP10 = exchanges[exchange].flags.contains(.isHTTP10)
            exchanges[exchange].responseFraming = isHTTP10 ? .untilClose : .chunked
        }
        let value = response.fields[type].value
        exchanges[exchange].call.web.format = ByteRange(from: Int(value.start) + Int(rest.start), to: value.end)
        for index in 0..<response.fields.count where response.fields[index].known == .contentType {
            response.fields[index].isHopByHop = true
        }
    }

    /// Writes the type of the content for a client of gRPC-Web into the head in `writer`, which is complete but for that.
    mutating func composeWebResponseType(_ arena: Span<UInt8>, _ exchange: UInt32) {
        if !exchanges[exchange].flags.contains(.isWebAnswered) || writer.overflowed { return }
        // The blank line is written again.
        writer.removeLast(to: writer.count - 2)
        composeWebType(exchange)
        writer.write(arena, exchanges[exchange].call.web.format)
        endWebType(exchange)
        writer.endOfHead()
    }

    /// The same for an answer of Martlet's own.
    mutating func composeWebAnswerType(_ exchange: UInt32) {
        composeWebType(exchange)
        endWebType(exchange)
    }

    private mutating func composeWebType(_ exchange: UInt32) {
        writer.write("Content-Type: ")
        writer.write(exchanges[exchange].call.web.isTextResponse ? WebContentType.text : WebContentType.binary)
    }

    /// Says as well what a script from another site may see of the head.
    private mutating func endWebType(_ exchange: UInt32) {
        writer.write("\r\n")
        if !exchanges[exchange].call.web.hasOrigin { return }
        writer.write("Access-Control-Expose-Headers: grpc-status, grpc-message, grpc-status-details-bin\r\n")
    }

    /// Makes a piece of a response's content what the client understands, and the trailers in `tail` a last frame behind it if it
    /// is the last one; `false` when memory is used up.
    mutating func translateForWeb(
        _ buffer: inout Buffer, isLast: Bool, _ exchange: UInt32, pool: borrowing BufferPool
    ) -> Bool {
        if !exchanges[exchange].flags.contains(.isWebAnswered) { return true }
        let isText = exchanges[exchange].call.web.isTextResponse
        var frame: Buffer?
        if isLast {
            let lines = WebTrailers.lines(ofLastChunk: tail.bytes)
            if !lines.isEmpty {
                frame = WebPiece.frame(tail.bytes.extracting(lines), pool: pool)
                if frame == nil { return false }
            }
            tail.removeAll()
            tail.lastChunk()
        }
        return WebPiece.replace(&buffer, with: frame, isText: isText, pool: pool)
    }

    /// The end of a response that is told by itself.
    mutating func webEnd(_ exchange: UInt32, pool: borrowing BufferPool) -> Buffer? {
        guard var end = pool.takeSmall(), translateForWeb(&end, isLast: true, exchange, pool: pool) else { return nil }
        let isChunked = exchanges[exchange].responseFraming == .chunked
        if isChunked && !Framing.chunk(&end, isLast: true, tail: tail, pool: pool) { return nil }
        return end
    }
}

/// Pieces of content for clients of gRPC-Web.
enum WebPiece {
    /// The last frame, of trailers as field lines; `nil` when memory is used up.
    static func frame(_ lines: Span<UInt8>, pool: borrowing BufferPool) -> Buffer? {
        let prefix = MessagePrefix(flags: MessagePrefix.trailers, length: lines.count).bytes
        guard var frame = pool.take(room: MessagePrefix.size + lines.count), frame.append(prefix.span),
            frame.append(lines)
        else { return nil }
        var names = frame.mutableBytes(from: MessagePrefix.size)
        WebTrailers.lowercaseNames(&names)
        return frame
    }

    /// Puts a frame behind content, and makes text of both where that is wanted, each padded for itself. `false` when memory is
    /// used up.
    static func replace(
        _ content: inout Buffer, with frame: consuming Buffer?, isText: Bool, pool: borrowing BufferPool
    ) -> Bool {
        guard let frame else { return !isText || content.isEmpty || encode(&content, pool: pool) }
        let count = isText ? encodedCount(content.count) + encodedCount(frame.count) : content.count + frame.count
        guard var piece = take(room: count, pool: pool) else { return false }
        if isText {
            if !append(content.bytes, to: &piece) || !append(frame.bytes, to: &piece) { return false }
        } else if !piece.append(content.bytes) || !piece.append(frame.bytes) {
            return false
        }
        content = piece
        return true
    }

    private static func encode(_ content: inout Buffer, pool: borrowing BufferPool) -> Bool {
        guard var text = take(room: encodedCount(content.count), pool: pool), append(content.bytes, to: &text) else {
            return false
        }
        content = text
        return true
    }

    /// A buffer of one of the usual sizes if there is one that fits, with room for a head and the ends of a chunk around.
    private static func take(room: Int, pool: borrowing BufferPool) -> Buffer? {
        let all = Buffer.headroom + room + Buffer.tailroom
        if all > BufferPool.smallRoom && all + 64 <= pool.largeBytes { return pool.takeLarge() }
        return pool.take(room: room + Buffer.tailroom, headroom: Buffer.headroom)
    }

    private static func encodedCount(_ count: Int) -> Int { WebTextEncoder.encodedCount(count) }

    /// Appends bytes as Base64.
    private static func append(_ bytes: Span<UInt8>, to text: inout Buffer) -> Bool {
        var position = 0
        while position < bytes.count {
            let end = min(position + WebTextEncoder.blockBytes, bytes.count)
            let block = WebTextEncoder.encode(bytes.extracting(position..<end))
            if !text.append(block.characters.span.extracting(0..<block.count)) { return false }
            position = end
        }
        return true
    }
}
