// From bytes to answers, and on to the next request.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension TrafficDriver {
    /// Reads what has come of an answer.
    mutating func readAnswer(_ bytes: consuming Buffer, _ tag: UInt32, on loop: inout EventLoop) {
        while true {
            switch connections[tag].state {
            case .connecting, .pausing:
                return lose(tag, "bytes that nobody asked for", on: &loop)
            case .waiting:
                switch ResponseParser.parse(bytes.bytes, into: &head, requestMethod: .get, limits: Self.limits) {
                case .incomplete:
                    connections[tag].rest = consume bytes
                    return
                case .refused:
                    return lose(tag, "an answer that is not HTTP", on: &loop)
                case .complete:
                    noteHead(tag)
                    bytes.dropFirst(head.length)
                }
            case .reading(let status):
                return readContent(bytes, status, tag, on: &loop)
            }
        }
    }

    private mutating func noteHead(_ tag: UInt32) {
        // Another head follows an interim one (RFC 9110 section 15.2).
        if head.isInformational { return }
        connections[tag].state = .reading(status: head.status)
        connections[tag].content = ContentDecoder(head.framing)
        connections[tag].isLast = !head.isPersistent
    }

    private mutating func readContent(
        _ bytes: consuming Buffer, _ status: Int, _ tag: UInt32, on loop: inout EventLoop
    ) {
        var span = bytes.mutableBytes
        let decoded = connections[tag].content.decode(&span, trailerLimit: Self.limits.headBytes)
        bytes.dropFirst(decoded.consumed)
        if decoded.refusal != nil { return lose(tag, "content that is not HTTP", on: &loop) }
        if decoded.isComplete {
            if !bytes.isEmpty { return lose(tag, "bytes that nobody asked for", on: &loop) }
            return finish(status, tag, on: &loop)
        }
        if !bytes.isEmpty { connections[tag].rest = consume bytes }
    }

    /// Counts the answer and goes on with the next request.
    private mutating func finish(_ status: Int, _ tag: UInt32, on loop: inout EventLoop) {
        tally.count(status, microseconds: (loop.nanoseconds - connections[tag].began) / 1_000)
        lastAnswer = loop.milliseconds
        let index = connections[tag].index
        if connections[tag].isLast {
            drop(tag, on: &loop)
            return connect(index, on: &loop)
        }
        if begun >= plan.requests { return drop(tag, on: &loop) }
        begun += 1
        if plan.pause == 0 { return sendRequest(tag, on: &loop) }
        connections[tag].state = .pausing
        loop.setTimer(connections[tag].socket, at: loop.milliseconds + plan.pause)
    }
}
