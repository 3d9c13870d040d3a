// What would be done with a request, found out by the code that does it, without a connection.
import MartletEventLoop
import MartletFiles
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

/// What would become of a request.
package struct Rehearsal: Sendable {
    /// The rules of access that are for it, as far as they are asked: places in `AccessModel.rules`.
    package fileprivate(set) var rules: [Int] = []
    /// Who would be asked who the client is: a place in `Model.admissions`; `nil` for nobody.
    package fileprivate(set) var admission: Int?
    /// Why it is refused; `nil` if it is not.
    package fileprivate(set) var failure: FailureKind?
    /// An index of `Model.upstreams`: which one gets it; `nil` for none.
    package fileprivate(set) var upstream: Int?
    /// The head that the server gets, or else that of the answer of Martlet's own that its route says, as HTTP/1.1 has it; empty
    /// where the request is refused.
    package fileprivate(set) var head: [UInt8] = []
    /// The content of such an answer.
    package fileprivate(set) var content: [UInt8] = []
    /// A file that is its content: where it is below the folder of the route, and how many bytes of it are sent.
    package fileprivate(set) var file: (path: String, count: Int)?
    /// What would copy it: a place in `Model.mirrors`; `nil` for nothing.
    package fileprivate(set) var mirror: Int?

    fileprivate init() {}
}

extension ProxyDriver {
    /// Rehearses a request whose head is `bytes`, and is one; its content does not matter. Whoever would be asked who the client
    /// is, the driver's gatekeeper is asked in their place. `nil` when memory is used up. The driver must serve nobody.
    package mutating func rehearse(
        _ bytes: Span<UInt8>, from peer: PeerAddress, isSecure: Bool, on loop: inout EventLoop
    ) -> Rehearsal? {
        guard let client = makeRehearsalClient(peer, isSecure: isSecure, on: &loop),
            let exchange = openExchange(for: client, on: &loop), var buffer = loop.pool.copy(bytes),
            RequestParser.parse(buffer.bytes, into: &request, limits: settings.requestHead) == .complete
        else { return nil }
        note(exchange, buffer.bytes)
        nameClient(client, buffer.bytes)
        var rehearsal = Rehearsal()
        rehearsal.failure = refusal(client, buffer.bytes)
        if rehearsal.failure == nil { rehearsal.failure = normalizePath(in: &buffer) }
        if rehearsal.failure == nil { rehearsal.failure = findUpstream(exchange, buffer.bytes, on: &loop) }
        guard let route = route(exchange, buffer.bytes) else { return rehearsal }
        rehearsal.rules = rules(of: route, exchange, buffer.bytes)
        if rehearsal.failure == nil { compose(exchange, route, buffer.bytes, &rehearsal) }
        return rehearsal
    }

    private mutating func compose(
        _ exchange: UInt32, _ route: Int, _ arena: Span<UInt8>, _ rehearsal: inout Rehearsal
    ) {
        if exchanges[exchange].admission >= 0 { rehearsal.admission = Int(exchanges[exchange].admission) }
        let answer = routeAnswer(exchange)
        if exchanges[exchange].flags.contains(.isPreflight) {
            rehearsal.failure = composePreflight(arena, exchange)
        } else if answer >= 0 && actions.answers[answer].site >= 0 {
            composeFile(exchange, Int(actions.answers[answer].site), arena, &rehearsal)
        } else if answer >= 0 {
            rehearsal.failure = composeRouteAnswer(answer, arena, exchange)
            rehearsal.content = actions.answers[answer].content
        } else {
            rehearsal.upstream = Int(exchanges[exchange].upstream)
            let isCall = exchanges[exchange].flags.contains(.isCall)
            if exchanges[exchange].upgrade < 0 && !isCall && targets[route].mirror >= 0 {
                rehearsal.mirror = Int(targets[route].mirror)
            }
            composeRequestHead(arena, exchange, exchanges[exchange].client)
            if writer.overflowed { rehearsal.failure = .headTooLargeToForward }
        }
        if rehearsal.failure != nil { return }
        rehearsal.head.reserveCapacity(writer.count)
        for index in 0..<writer.count { rehearsal.head.append(writer.bytes[index]) }
    }

    /// Looks for the file as threads do that may wait for disks.
    private mutating func composeFile(
        _ exchange: UInt32, _ site: Int, _ arena: Span<UInt8>, _ rehearsal: inout Rehearsal
    ) {
        rehearsal.failure = askForFile(site, exchange, arena)
        guard rehearsal.failure == nil, let question = exchanges[exchange].file?.question else { return }
        let finding = FileLookup.find(question, mayWait: true)
        if case .found(let found) = finding {
            rehearsal.file = (String(decoding: found.path, as: UTF8.self), 0)
        }
        switch composeAnswer(exchange, with: finding) {
        case .failure(let failure): rehearsal.failure = failure
        case .page(let page): rehearsal.content = page
        case .pieces(let pieces): rehearsal.file?.count = Int(pieces.reduce(0) { $0 + $1.count })
        }
    }

    /// Where the request has come in: a listener of its kind, if there is one.
    private mutating func makeRehearsalClient(
        _ peer: PeerAddress, isSecure: Bool, on loop: inout EventLoop
    ) -> UInt32? {
        guard let channel = loop.openChannel(tag: .max) else { return nil }
        let listener = listeners.firstIndex { !$0.isAdmin && $0.tunnel == nil && ($0.tls != nil) == isSecure }
        var flags: ClientFlags = isSecure ? [.isSecure] : []
        if model.trust.proxies.contains(IPAddress(hi: peer.high, lo: peer.low)) { flags.insert(.isTrusted) }
        let client = ClientConnection(
            socket: channel, peer: peer, listener: (UInt32(listener ?? 0), 0), flags: flags, deadline: .max)
        return clients.insert(client)?.index
    }

    /// The rules that are for the request, up to the one that decides.
    private mutating func rules(of route: Int, _ exchange: UInt32, _ arena: Span<UInt8>) -> [Int] {
        if targets[route].gate < 0 { return [] }
        let gate = gates[Int(targets[route].gate)]
        var found: [Int] = []
        for group in [0..<access.common, Int(gate.first)..<Int(gate.end)] {
            for rule in group where isFor(rule, exchange, arena) {
                found.append(rule)
                if access.rules[rule].isShadow || [.log, .challenge].contains(access.rules[rule].action) { continue }
                if access.rules[rule].action == .deny { return found }
                break
            }
        }
        return found
    }
}
