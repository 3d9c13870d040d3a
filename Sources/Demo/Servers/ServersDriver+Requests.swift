// From bytes to requests and their answers.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension ServersDriver {
    /// What came of looking at the bytes.
    private enum Step {
        /// Something was dealt with: look again.
        case again
        /// More bytes are needed.
        case wait
        /// The connection is gone.
        case gone
    }

    /// Reads requests, with their content, until more bytes are needed.
    mutating func readRequests(_ bytes: consuming Buffer, of client: Token, on loop: inout EventLoop) {
        while true {
            let isInContent = clients[client.index].answer != nil
            let step = isInContent ? skipContent(&bytes, client, on: &loop) : readHead(&bytes, client, on: &loop)
            switch step {
            case .again: continue
            case .gone: return
            case .wait: return keep(bytes, for: client)
            }
        }
    }

    private mutating func keep(_ bytes: consuming Buffer, for client: Token) {
        if !bytes.isEmpty { clients[client.index].rest = consume bytes }
    }

    private mutating func readHead(_ bytes: inout Buffer, _ client: Token, on loop: inout EventLoop) -> Step {
        if bytes.isEmpty { return .wait }
        switch RequestParser.parse(bytes.bytes, into: &head, limits: Self.limits) {
        case .incomplete: return .wait
        case .refused:
            clients[client.index].isLast = true
            reply(Answer(400, text: "this is not HTTP"), to: client, isHead: false, isLast: true, on: &loop)
            return .gone
        case .complete:
            let path = bytes.bytes.extracting(head.path).text
            let pages = pages[clients[client.index].kind.rawValue]
            clients[client.index].answer = pages.answer(to: path.isEmpty ? "/" : path)
            clients[client.index].content = ContentDecoder(head.framing)
            clients[client.index].isHead = head.method == .head
            clients[client.index].isLast = !head.isPersistent || head.version == .http10
            bytes.dropFirst(head.length)
            return head.expectsContinue ? invite(client, on: &loop) : .again
        }
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
        guard decoded.isComplete, let answer = clients[client.index].answer.take() else { return .wait }
        let (isHead, isLast) = (clients[client.index].isHead, clients[client.index].isLast)
        reply(answer, to: client, isHead: isHead, isLast: isLast, on: &loop)
        if isLast { return .gone }
        return clients.contains(client) ? .again : .gone
    }
}
