// A message's way from its stream's channel into frames, in either direction.
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

/// What became of a part of a message that was to be made frames of.
enum PartOutcome {
    case written
    /// More of the message is needed.
    case incomplete
    /// It is no message, or memory is used up.
    case failed
}

/// What a stream still has to send.
enum StreamRest {
    case nothing
    /// Parts of its message.
    case more
    /// Nothing but the end, which no window holds back.
    case end
}

/// A stream, and how far its message has been sent.
struct SendingStream: BitwiseCopyable {
    /// The tag of its channel.
    let tag: UInt32
    let channel: Token
    /// Its connection's multiplexer, and its place in the machine.
    let index: UInt32
    let place: Int32
    var message: OutgoingMessage
}

extension ProxyDriver {
    /// Writes the next frame of a stream: a head, or a piece of content.
    mutating func sendPart(_ tag: UInt32, into frames: inout Buffer, on loop: inout EventLoop) {
        var stream = sendingStream(tag)
        guard var buffer = loop.takeFirst(stream.channel) else {
            return endStreamIfSaid(stream, into: &frames, on: &loop)
        }
        let before = frames.count
        let outcome = writePart(of: &buffer, &stream, into: &frames, pool: loop.pool)
        setMessage(stream)
        loop.noteSent(frames.count - before, on: stream.channel)
        switch outcome {
        case .failed: return breakStream(tag, on: &loop)
        case .incomplete: return waitForRest(buffer, stream, on: &loop)
        case .written: break
        }
        if buffer.unsentCount > 0 {
            loop.putBack(buffer, on: stream.channel)
            return setReady(stream, .more)
        }
        let isIdle = !loop.isSendPending(stream.channel)
        setReady(stream, !isIdle ? .more : loop.isEnding(stream.channel) ? .end : .nothing)
        buffer.rewind()
        sent(buffer, on: stream.channel, tag: tag, isIdle: isIdle, loop: &loop)
    }

    /// Says whether a stream has more to send, and whether windows must allow it.
    mutating func setReady(_ stream: SendingStream, _ rest: StreamRest) {
        let readiness: SendReadiness =
            switch rest {
            case .nothing: .nothing
            case .more: stream.message.needsWindow ? .content : .frames
            case .end: .frames
            }
        multiplexers[stream.index].machine.setReady(stream.place, readiness)
    }

    func sendingStream(_ tag: UInt32) -> SendingStream {
        if tag & Self.serverTag == 0 {
            return SendingStream(
                tag: tag, channel: clients[tag].socket, index: clients[tag].multiplexer, place: clients[tag].place,
                message: clients[tag].outgoing)
        }
        let connection = tag & ~Self.serverTag
        return SendingStream(
            tag: tag, channel: servers[connection].socket, index: servers[connection].multiplexer,
            place: servers[connection].place, message: servers[connection].outgoing)
    }

    private mutating func setMessage(_ stream: SendingStream) {
        if stream.tag & Self.serverTag == 0 {
            clients[stream.tag].outgoing = stream.message
        } else {
            servers[stream.tag & ~Self.serverTag].outgoing = stream.message
        }
    }

    private mutating func writePart(
        of buffer: inout Buffer, _ stream: inout SendingStream, into frames: inout Buffer, pool: borrowing BufferPool
    ) -> PartOutcome {
        var position = buffer.sentCount
        var isFine = true
        switch stream.message.next(in: buffer.bytes, from: &position) {
        case .head:
            isFine = writeHead(in: buffer, &position, &stream, into: &frames, pool: pool)
        case .content(let range):
            isFine = writeContent(in: buffer, range, &position, &stream, into: &frames)
        case .trailers(let range):
            position = Int(range.end)
            stream.message.trailersSent()
            isFine = writeTrailers(buffer.bytes.extracting(range), stream, into: &frames, pool: pool)
        case .end:
            position = buffer.count
            isFine = multiplexers[stream.index].writeEnd(stream.place, into: &frames)
        case .needsMore where position < buffer.count: return .incomplete
        case .needsMore: break
        }
        buffer.noteSent(max(0, position - buffer.sentCount))
        return isFine ? .written : .failed
    }

    private mutating func writeContent(
        in buffer: borrowing Buffer, _ range: ByteRange, _ position: inout Int, _ stream: inout SendingStream,
        into frames: inout Buffer
    ) -> Bool {
        let room = frames.roomBehind - FrameHeader.size
        let count = min(Int(range.count), multiplexers[stream.index].machine.allowance(stream.place), room)
        if count <= 0 { return true }
        let start = Int(range.start)
        position = start + count
        stream.message.contentSent(count, in: buffer.bytes, at: &position)
        let content = buffer.bytes.extracting(start..<start + count)
        return multiplexers[stream.index].writeData(
            content, stream.place, endStream: stream.message.isComplete, into: &frames)
    }

    private mutating func writeHead(
        in buffer: borrowing Buffer, _ position: inout Int, _ stream: inout SendingStream, into frames: inout Buffer,
        pool: borrowing BufferPool
    ) -> Bool {
        block.removeAll()
        let text = buffer.bytes.extracting(position..<buffer.count)
        guard let head = encodeHead(text, stream), !block.overflowed else { return false }
        position += head.textBytes
        if stream.tag & Self.serverTag != 0 {
            stream.message.headSent(requestFraming(stream))
        } else if head.status >= 200 || head.status == 101 {
            stream.message.headSent(responseFraming(head, stream))
        }
        return multiplexers[stream.index].writeHeaders(
            block, stream.place, endStream: stream.message.isComplete, into: &frames, pool: pool)
    }

    /// Where the content ends of a response whose head leaves.
    private func responseFraming(_ head: EncodedHead, _ stream: SendingStream) -> ContentFraming {
        let exchange = clients[stream.tag].exchange
        if exchange == .max { return .none }
        if exchanges[exchange].method == .head || head.status == 204 || head.status == 304 { return .none }
        if exchanges[exchange].flags.contains(.endsWithHead) { return .none }
        if let length = head.contentLength { return .length(length) }
        return exchanges[exchange].flags.contains(.isTunnel) ? .untilClose : .chunked
    }

    private mutating func writeTrailers(
        _ text: Span<UInt8>, _ stream: SendingStream, into frames: inout Buffer, pool: borrowing BufferPool
    ) -> Bool {
        block.removeAll()
        let count = multiplexers[stream.index].encoder.encodeTrailers(text, into: &block)
        if count == nil || block.overflowed { return false }
        return multiplexers[stream.index].writeHeaders(block, stream.place, endStream: true, into: &frames, pool: pool)
    }

    /// A part of a message has not come whole: it waits for its rest.
    private mutating func waitForRest(
        _ buffer: consuming Buffer, _ stream: SendingStream, on loop: inout EventLoop
    ) {
        guard let rest = loop.takeFirst(stream.channel) else {
            setReady(stream, .nothing)
            return loop.putBack(buffer, on: stream.channel)
        }
        buffer.dropFirst(buffer.sentCount)
        buffer.rewind()
        guard let joined = Joining.join(buffer, rest, pool: loop.pool) else {
            return breakStream(stream.tag, on: &loop)
        }
        loop.putBack(joined, on: stream.channel)
    }

    /// A stream whose owner has said that nothing more will come, and has sent all before it.
    private mutating func endStreamIfSaid(
        _ stream: SendingStream, into frames: inout Buffer, on loop: inout EventLoop
    ) {
        setReady(stream, .nothing)
        if !loop.isEnding(stream.channel) || stream.message.isComplete || stream.message.expectsHead { return }
        _ = multiplexers[stream.index].writeEnd(stream.place, into: &frames)
        var ended = stream
        ended.message.end()
        setMessage(ended)
        loop.noteEnded(stream.channel)
        sendingEnded(stream.channel, tag: stream.tag, on: &loop)
    }
}
