// Bytes from clients: heads, content, pipelined requests, and what is read only to be dropped.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    mutating func clientReceived(_ buffer: consuming Buffer, _ index: UInt32, on loop: inout EventLoop) {
        metrics.add(.downstreamBytesIn, UInt64(buffer.count))
        switch clients[index].state {
        case .lingering:
            return
        case .tunnelling:
            relayToServer(buffer, index, on: &loop)
        case .multiplexing:
            receiveFrames(buffer, clients[index].multiplexer, on: &loop)
        case .readingProxyHeader:
            readProxyHeader(buffer, index, on: &loop)
        case .readingHello:
            readHello(buffer, index, on: &loop)
        case .idle:
            readRequests(buffer, index, on: &loop)
        case .readingHead:
            guard let joined = joinPending(of: index, buffer, on: &loop) else {
                return refuse(index, .noBuffers, on: &loop)
            }
            readRequests(joined, index, on: &loop)
        case .exchanging:
            receiveWhileExchanging(buffer, index, on: &loop)
        }
    }

    /// What waited and what came, as one.
    mutating func joinPending(
        of index: UInt32, _ buffer: consuming Buffer, on loop: inout EventLoop
    ) -> Buffer? {
        guard let pending = clients[index].pending.take() else { return buffer }
        return Joining.join(pending, buffer, pool: loop.pool)
    }

    private mutating func receiveWhileExchanging(
        _ buffer: consuming Buffer, _ index: UInt32, on loop: inout EventLoop
    ) {
        let exchange = clients[index].exchange
        let isComplete = exchanges[exchange].flags.contains(.requestComplete)
        let isConnecting = isHeldBack(exchange)
        // The answer is there before the whole request: nobody wants the rest, and the connection ends with the answer.
        let isCollecting = exchanges[exchange].flags.contains(.isCollecting)
        if !isComplete && !isConnecting && !isCollecting && exchanges[exchange].connection == .max { return }
        guard let joined = joinPending(of: index, buffer, on: &loop) else {
            return fail(exchange, .noBuffers, on: &loop)
        }
        if isComplete || isConnecting {
            // The next request, or content that nobody can take yet: no more is read until this has its turn.
            clients[index].pending = KeptBytes.compact(joined, pool: loop.pool)
            loop.setReceiving(clients[index].socket, false)
        } else {
            relayRequestContent(joined, index, on: &loop)
        }
    }

    /// Reads requests until none is complete, or one has to be waited for. A loop and not a recursion: a client may
    /// pipeline thousands of requests that are answered at once.
    mutating func readRequests(_ buffer: consuming Buffer, _ index: UInt32, on loop: inout EventLoop) {
        let token = clients.token(at: Int(index)) ?? .none
        var next: Buffer? = consume buffer
        while let bytes = next.take() {
            clients[index].flags.insert(.isBeingRead)
            readRequest(bytes, index, on: &loop)
            if !clients.contains(token) { return }
            clients[index].flags.remove(.isBeingRead)
            if clients[index].state == .idle { next = clients[index].pending.take() }
        }
        if clients[index].state == .idle || clients[index].state == .readingHead {
            if clients[index].flags.contains(.ended) { return clientEndedBetweenRequests(index, on: &loop) }
            loop.setReceiving(clients[index].socket, true)
        }
    }

    private mutating func readRequest(_ buffer: consuming Buffer, _ index: UInt32, on loop: inout EventLoop) {
        if beginsHTTP2(buffer.bytes, index) { return beginMultiplexing(index, received: buffer, on: &loop) }
        if clients[index].state == .readingHead {
            switch clients[index].scanner.scan(buffer.bytes) {
            case .complete: break
            case .refused(let refusal): return refuse(index, .requestRefused(refusal), on: &loop)
            case .incomplete where buffer.count < settings.requestHead.headBytes:
                clients[index].pending = KeptBytes.compact(buffer, pool: loop.pool)
                return
            case .incomplete: break
            }
        }
        switch RequestParser.parse(buffer.bytes, into: &request, limits: settings.requestHead) {
        case .complete: begin(buffer, index, on: &loop)
        case .incomplete: keepPartialHead(buffer, index, on: &loop)
        case .refused(let refusal): refuse(index, .requestRefused(refusal), on: &loop)
        }
    }

    /// Keeps what there is of a head, in a small buffer if it fits one: many slow clients shall not hold many large ones.
    private mutating func keepPartialHead(_ buffer: consuming Buffer, _ index: UInt32, on loop: inout EventLoop) {
        if clients[index].state == .idle {
            clients[index].state = .readingHead
            clients[index].scanner = HeadEndScanner()
            // The first head's time runs from the connection, so that a client cannot win time by being silent first.
            if clients[index].requests > 0 {
                clients[index].deadline = loop.milliseconds + settings.requestHeadTime
            }
            loop.setTimer(clients[index].socket, at: clients[index].deadline)
        }
        switch clients[index].scanner.scan(buffer.bytes) {
        case .refused(let refusal): return refuse(index, .requestRefused(refusal), on: &loop)
        case .incomplete, .complete: break
        }
        clients[index].pending = KeptBytes.compact(buffer, pool: loop.pool)
    }

    /// Answers a client whose request cannot be told from what follows it, and closes the connection.
    /// - Parameter isCall: what could be read of the request says that it is a call of gRPC.
    mutating func refuse(_ index: UInt32, _ failure: FailureKind, isCall: Bool = false, on loop: inout EventLoop) {
        clients[index].pending = nil
        clients[index].flags.insert(.closesAfter)
        // Whatever comes now is read and dropped, so that the answer arrives.
        clients[index].decoder = ContentDecoder(.untilClose)
        guard let exchange = openExchange(for: index, on: &loop) else { return closeClient(index, on: &loop) }
        clients[index].state = .exchanging
        if isCall { exchanges[exchange].flags.insert(.isCall) }
        metrics.add(.requestsRefused)
        fail(exchange, failure, on: &loop)
    }
}
