// How checks are made: a connection for each, which is closed when the outcome is certain.
import MartletBalancing
import MartletEventLoop
import MartletTLS
import MartletTelemetry

extension KeeperDriver {
    /// What an order asks, where, and how long that may take.
    private struct Question {
        let address: SocketAddress
        let timeout: UInt64
        let reading: CheckConnection.Reading
    }

    /// Begins a check.
    mutating func start(_ order: CheckOrder, on loop: inout EventLoop) {
        guard let question = question(order, now: loop.milliseconds) else {
            return tell(order, .impossible, now: loop.milliseconds)
        }
        do throws(SystemError) {
            let socket = try loop.connect(to: question.address, tag: .max)
            if case .check(let server) = order, !secure(socket, server, on: &loop) {
                loop.close(socket)
                throw SystemError.noMemory
            }
            if case .check(let server) = order { sayPreface(socket, server, on: &loop) }
            let connection = CheckConnection(
                socket: socket, order: order, deadline: loop.milliseconds + question.timeout,
                reading: question.reading)
            guard let token = connections.insert(connection) else {
                loop.close(socket)
                throw SystemError.tooManyDescriptors
            }
            loop.setTag(socket, token.index)
        } catch {
            // What has run out here is not the server's fault.
            let isOurs = error.isExhaustion || error == .addressNotAvailable
            tell(order, isOurs ? .impossible : .failed(error.description), now: loop.milliseconds)
        }
    }

    /// Puts TLS on a connection to a server that wants it; `false` when that cannot be had.
    private func secure(_ socket: Token, _ server: Int, on loop: inout EventLoop) -> Bool {
        guard server < plan.security.count, let security = plan.security[server] else { return true }
        // A check of HTTP says HTTP/1.1, and a call HTTP/2, whatever requests say.
        let isHTTP: Bool
        let isCall: Bool
        switch plan.upstreams[keeper.home(of: server)].check?.kind {
        case .http?: (isHTTP, isCall) = (true, false)
        case .grpc?: (isHTTP, isCall) = (false, true)
        case .tcp?, nil: (isHTTP, isCall) = (false, false)
        }
        guard
            let session = security.context.session(
                to: security.name, cacheKey: server, isForHTTP1: isHTTP, isForHTTP2: isCall)
        else { return false }
        loop.secure(socket, session)
        return true
    }

    /// Servers that expect the PROXY protocol do so of checks as well.
    private func sayPreface(_ socket: Token, _ server: Int, on loop: inout EventLoop) {
        let upstream = plan.upstreams[keeper.home(of: server)]
        if upstream.preface.isEmpty || upstream.check?.port != nil { return }
        if let bytes = loop.pool.copy(upstream.preface.span) { loop.preface(socket, bytes) }
    }

    /// Why a check's connection failed: what TLS has to say of it, or else the system.
    func reason(_ tag: UInt32, _ error: SystemError, on loop: inout EventLoop) -> String {
        let session = loop.cipher(of: connections[tag].socket) as? TLSSession
        return session?.failure.map { "TLS: \($0.text)" } ?? error.description
    }

    private mutating func question(_ order: CheckOrder, now: UInt64) -> Question? {
        let upstream = plan.upstreams[keeper.home(of: order.server)]
        switch order {
        case .check(let server):
            guard let check = upstream.check, let address = address(server, port: check.port) else { return nil }
            switch check.kind {
            case .tcp: return Question(address: address, timeout: check.timeout, reading: .nothing)
            case .http(let http):
                return Question(
                    address: address, timeout: check.timeout, reading: .answer(HTTPCheckReader(http)))
            case .grpc:
                return Question(
                    address: address, timeout: check.timeout, reading: .call(HealthCallExchange(now: now)))
            }
        case .agent(let server):
            // An agent has a port, so there is none where there are no ports.
            guard let agent = upstream.agent, let address = address(server, port: agent.port), address.path == nil
            else { return nil }
            return Question(address: address, timeout: agent.timeout, reading: .agent([]))
        }
    }

    /// The server's addresses in turn, as requests take them.
    private mutating func address(_ server: Int, port: UInt16?) -> SocketAddress? {
        if addresses[server].isEmpty { return nil }
        turns[server] = (turns[server] + 1) % addresses[server].count
        var address = addresses[server][turns[server]]
        if let port, address.path == nil { address.port = port }
        return address
    }

    mutating func checkConnected(_ tag: UInt32, on loop: inout EventLoop) {
        connections[tag].isConnected = true
        let order = connections[tag].order
        let upstream = plan.upstreams[keeper.home(of: order.server)]
        switch order {
        case .check(let server):
            switch upstream.check?.kind {
            case .http(let http)?: send(CheckRequest.bytes(http, host: plan.hosts[server]), tag, on: &loop)
            case .grpc(let call)?: begin(call, server, tag, on: &loop)
            case .tcp?, nil: finish(tag, .passed, on: &loop)
            }
        case .agent: send(Array((upstream.agent?.send ?? "").utf8), tag, on: &loop)
        }
    }

    /// Makes a call on a connection that stands, if the server speaks HTTP/2 on it.
    private mutating func begin(_ call: GRPCCheck, _ server: Int, _ tag: UInt32, on loop: inout EventLoop) {
        guard case .call(let exchange) = connections[tag].reading else { return }
        let isSecure = server < plan.security.count && plan.security[server] != nil
        let session = loop.cipher(of: connections[tag].socket) as? TLSSession
        if isSecure && session?.isHTTP2 != true {
            return finish(tag, .failed("TLS: the server does not choose HTTP/2 (ALPN)"), on: &loop)
        }
        let timeout = plan.upstreams[keeper.home(of: server)].check?.timeout ?? 0
        if !exchange.begin(call, authority: plan.hosts[server], isSecure: isSecure, timeout: timeout) {
            return finish(tag, .impossible, on: &loop)
        }
        send(exchange.takeSending(), tag, on: &loop)
    }

    private mutating func send(_ bytes: [UInt8], _ tag: UInt32, on loop: inout EventLoop) {
        let socket = connections[tag].socket
        loop.setReceiving(socket, true)
        if bytes.isEmpty { return }
        guard let buffer = loop.pool.copy(bytes.span) else { return finish(tag, .impossible, on: &loop) }
        _ = loop.send(buffer, on: socket)
    }

    /// Takes what has come.
    mutating func read(_ bytes: Span<UInt8>, _ tag: UInt32, on loop: inout EventLoop) {
        switch connections[tag].reading {
        case .nothing: return
        case .answer(var reader):
            let outcome = reader.take(bytes, &head)
            connections[tag].reading = .answer(reader)
            if let outcome { finish(tag, outcome, on: &loop) }
        case .call(let exchange): read(bytes, exchange, tag, on: &loop)
        case .agent(var text):
            for index in bytes.indices where text.count < AgentReply.limitBytes { text.append(bytes[index]) }
            connections[tag].reading = .agent(text)
            if AgentReply.isComplete(text.span) { finish(tag, .passed, on: &loop) }
        }
    }

    /// What HTTP/2 wants to be answered is sent when the server takes it; what waits for that has a bound.
    private mutating func read(
        _ bytes: Span<UInt8>, _ exchange: HealthCallExchange, _ tag: UInt32, on loop: inout EventLoop
    ) {
        if let outcome = exchange.take(bytes, &head, now: loop.milliseconds) { return finish(tag, outcome, on: &loop) }
        if !loop.isSendPending(connections[tag].socket) { send(exchange.takeSending(), tag, on: &loop) }
    }

    /// The server will say nothing more.
    mutating func readEnd(_ tag: UInt32, on loop: inout EventLoop) {
        switch connections[tag].reading {
        case .nothing, .agent: finish(tag, .passed, on: &loop)
        case .answer(var reader): finish(tag, reader.ended(), on: &loop)
        case .call(let exchange): finish(tag, exchange.ended(), on: &loop)
        }
    }

    /// Ends a check.
    mutating func finish(_ tag: UInt32, _ outcome: CheckOutcome, on loop: inout EventLoop) {
        let order = connections[tag].order
        let reading = connections[tag].reading
        loop.close(connections[tag].socket)
        if let token = connections.token(at: Int(tag)) { connections.remove(token) }
        if case .agent(let text) = reading, outcome == .passed {
            return keeper.replied(order.server, AgentReply.parse(text.span), now: loop.milliseconds)
        }
        tell(order, outcome, now: loop.milliseconds)
    }

    private mutating func tell(_ order: CheckOrder, _ outcome: CheckOutcome, now: UInt64) {
        switch order {
        case .agent(let server): keeper.replied(server, nil, now: now)
        case .check(let server):
            switch outcome {
            case .passed: metrics.add(.checksPassed, server: server)
            case .failed: metrics.add(.checksFailed, server: server)
            case .impossible: break
            }
            keeper.checked(server, outcome, now: now)
        }
    }

    /// Ends those that have taken too long.
    mutating func expire(on loop: inout EventLoop) {
        for place in 0..<connections.places {
            guard let token = connections.token(at: place), connections[token.index].deadline <= loop.milliseconds
            else { continue }
            let isConnected = connections[token.index].isConnected
            finish(token.index, .failed(isConnected ? "no answer in time" : "no connection in time"), on: &loop)
        }
    }

    /// When the next one has taken too long; `nil` if none is going on.
    var nextDeadline: UInt64? {
        var next: UInt64?
        for place in 0..<connections.places {
            guard let token = connections.token(at: place) else { continue }
            next = min(next ?? .max, connections[token.index].deadline)
        }
        return next
    }
}

extension KeeperStateMachine {
    /// How all servers are.
    func report(now: UInt64) -> [ServerReport] {
        let weights = weights
        return servers.filter { !$0.isGone }.map { server in
            ServerReport(
                server: server.facts.server, state: server.standing.state, reason: server.reason,
                wanted: server.wanted, time: now - min(server.since, now), weight: weights[server.facts.server],
                isBackup: server.facts.isBackup, isUnknown: server.standing.isUnknown)
        }
    }
}

extension ServerCounter {
    /// The gauge for a state.
    static func state(_ state: HealthState) -> ServerCounter {
        switch state {
        case .up: .stateUp
        case .starting: .stateStarting
        case .ejected: .stateEjected
        case .down: .stateDown
        case .draining: .stateDraining
        case .maintenance: .stateMaintenance
        }
    }
}
