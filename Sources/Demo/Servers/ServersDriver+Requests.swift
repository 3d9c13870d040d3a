// From bytes to requests and their answers: one at a time for each client, however many it has sent ahead.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension ServersDriver {
    /// What came of looking at the bytes.
    private enum Step {
        /// Something was dealt with: look again.
        case again
        /// More bytes are needed, or the answer has to leave first.
        case wait
        /// The connection is gone.
        case gone
    }

    /// Reads requests, with their content, until one has to be waited for.
    mutating func readRequests(_ bytes: consuming Buffer, of client: Token, on loop: inout EventLoop) {
        while true {
            switch step(&bytes, client, on: &loop) {
            case .again: continue
            case .gone: return
            case .wait: return keep(bytes, for: client)
            }
        }
    }

    private mutating func step(_ bytes: inout Buffer, _ client: Token, on loop: inout EventLoop) -> Step {
        switch clients[client.index].phase {
        case .reading: readHead(&bytes, client, on: &loop)
        case .skipping: skipContent(&bytes, client, on: &loop)
        case .thinking, .sending: .wait
        }
    }

    private mutating func keep(_ bytes: consuming Buffer, for client: Token) {
        if !bytes.isEmpty { clients[client.index].rest = consume bytes }
    }

    private mutating func readHead(_ bytes: inout Buffer, _ client: Token, on loop: inout EventLoop) -> Step {
        if bytes.isEmpty { return .wait }
        switch RequestParser.parse(bytes.bytes, into: &head, limits: Self.limits) {
        case .incomplete:
            return .wait
        case .refused:
            clients[client.index].isLast = true
            clients[client.index].answer = Answer(400, text: "this is not HTTP")
            return reply(to: client, on: &loop)
        case .complete:
            noteHead(bytes.bytes, client)
            bytes.dropFirst(head.length)
            return head.expectsContinue ? invite(client, on: &loop) : .again
        }
    }

    private mutating func noteHead(_ arena: Span<UInt8>, _ client: Token) {
        let path = arena.extracting(head.path).text
        let pages = pages[clients[client.index].kind.rawValue]
        clients[client.index].phase = .skipping
        clients[client.index].answer = pages.answer(to: path.isEmpty ? "/" : path)
        clients[client.index].content = ContentDecoder(head.framing)
        clients[client.index].isHead = head.method == .head
        clients[client.index].isLast = !head.isPersistent || head.version == .http10
    }

    /// The client waits for a word before it sends the content (RFC 9110 section 10.1.1).
    private mutating func invite(_ client: Token, on loop: inout EventLoop) -> Step {
        guard var word = loop.pool.takeSmall(), word.append("HTTP/1.1 100 Continue\r\n\r\n") else {
            close(client, on: &loop)
            return .gone
        }
        _ = loop.send(word, on: clients[client.index].socket)
        return .again
    }

    /// Drops content, and answers when it is over.
    private mutating func skipContent(_ bytes: inout Buffer, _ client: Token, on loop: inout EventLoop) -> Step {
        var span = bytes.mutableBytes
        let decoded = clients[client.index].content.decode(&span, trailerLimit: Self.limits.headBytes)
        bytes.dropFirst(decoded.consumed)
        if decoded.refusal != nil {
            close(client, on: &loop)
            return .gone
        }
        return decoded.isComplete ? reply(to: client, on: &loop) : .wait
    }

    /// Answers now, or when the server has thought about it.
    private mutating func reply(to client: Token, on loop: inout EventLoop) -> Step {
        let time = clients[client.index].kind.thinkingTime
        if time == 0 {
            send(to: client, on: &loop)
        } else {
            clients[client.index].phase = .thinking
            loop.setReceiving(clients[client.index].socket, false)
            thinking.append(Thought(client: client, due: loop.milliseconds + time))
        }
        return clients.contains(client) ? .again : .gone
    }
}
