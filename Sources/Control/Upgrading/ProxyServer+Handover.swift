// What one process needs of a running proxy to be followed by another, and the other to begin.
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletProxy
import MartletTLS
import Synchronization

extension ProxyServer {
    /// How often it is looked whether what is awaited has come about.
    private static let step = Duration.milliseconds(20)

    /// Whether all loops answer in time: whoever turns in circles does not.
    func ping(within limit: Duration) async -> Bool {
        let answers = Gathering<Void>(mailboxes.count)
        for mailbox in mailboxes { mailbox.post(.ping { answers.add(()) }) }
        return await answers.all(within: limit) != nil
    }

    /// Accepts clients on the sockets that were inherited. It does nothing the second time.
    func admit() {
        let held = heldSockets.withLock { held in
            defer { held = [] }
            return held
        }
        for (mailbox, sockets) in zip(mailboxes, held) where !sockets.isEmpty { mailbox.post(.listen(sockets)) }
    }

    /// Copies of all sockets on which clients connect; `nil` when a loop does not answer in time.
    func shareListeners(within limit: Duration) async -> [SharedListener]? {
        let answers = Gathering<[SharedListener]>(mailboxes.count) { late in
            for listener in late { Listening.close(listener.descriptor) }
        }
        for mailbox in mailboxes { mailbox.post(.shareListeners { answers.add($0) }) }
        guard let all = await answers.all(within: limit) else { return nil }
        var paths: Set<String> = []
        return all.joined().filter { listener in
            // The loops share the socket of a path: one copy is enough.
            guard let path = listener.address.path, !paths.insert(path).inserted else { return true }
            Listening.close(listener.descriptor)
            return false
        }
    }

    /// How all servers are.
    func reportServers() async -> [ServerReport] {
        await withCheckedContinuation { continuation in keeper.report { continuation.resume(returning: $0) } }
    }

    /// Waits until it is known of all servers where and how they are, at most so long.
    func warmUp(within limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while await reportServers().contains(where: { $0.state == .starting }), .now < deadline {
            try? await Task.sleep(for: Self.step)
        }
    }

    /// Goes on where another process has been: tickets, and what operators want of servers.
    func resume(_ note: HandoverNote) {
        for tickets in note.tickets {
            for listener in model.listeners where listener.name == tickets.listener {
                listener.tls?.context.tickets?.follow(zip(tickets.keys, tickets.made).map { ($0, $1) })
            }
        }
        for wanted in note.servers {
            guard let upstream = model.upstreams.first(where: { $0.name == wanted.upstream }),
                let server = upstream.servers.first(where: { model.servers[$0].name == wanted.server }),
                let state = OperatorState(name: wanted.state)
            else { continue }
            keeper.setState(server, state)
        }
    }

    /// Notes what the process that follows has to know.
    func note(in note: inout HandoverNote) async {
        note.stickySecret = StickySecret.ofProcess.bytes
        for listener in model.listeners {
            guard let keys = listener.tls?.context.tickets?.lasting, !keys.isEmpty else { continue }
            note.tickets.append(
                HandoverNote.Tickets(
                    listener: listener.name, address: listener.address.description, keys: keys.map(\.bytes),
                    made: keys.map(\.made)))
        }
        for report in await reportServers() where report.wanted != configuredState(report.server) {
            guard let upstream = model.upstreams.first(where: { $0.servers.contains(report.server) }) else { continue }
            note.servers.append(
                HandoverNote.Server(
                    upstream: upstream.name, server: model.servers[report.server].name, state: report.wanted.name))
        }
    }

    private func configuredState(_ server: Int) -> OperatorState? {
        for upstream in model.upstreams {
            for facts in upstream.health.servers where facts.server == server { return facts.state }
        }
        return nil
    }
}

extension OperatorState {
    /// What `name` calls it.
    init?(name: String) {
        let all: [OperatorState] = [.up, .draining, .maintenance]
        guard let state = all.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}

extension ProxyServer {
    /// Leaves to the process that follows what only one may do.
    func retire() async { await operation.now.certificates.retire() }

    /// The files of Unix sockets belong to the process that follows.
    func share() { inheritance.sockets.share(paths: addresses.compactMap(\.path)) }

    /// Does what only one process may do, now that the one before has let go.
    func takeOver() async {
        inheritance.sockets.takeOver()
        await operation.now.certificates.release()
    }
}
