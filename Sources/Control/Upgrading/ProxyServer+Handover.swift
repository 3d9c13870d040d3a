// What one process needs of a running proxy to be followed by another, and the other to begin.
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletProxy
import MartletProxyConfig
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
        while await reportServers().contains(where: \.isUnknown), .now < deadline {
            try? await Task.sleep(for: Self.step)
        }
    }

    /// Goes on where another process has been: tickets, how servers are, and what operators want of them.
    /// - Returns: what makes no sense, in words.
    func resume(_ note: HandoverNote) -> [String] {
        var faults = note.faults
        if !note.stickySecret.isEmpty, !StickySecret.isOne(note.stickySecret) { faults.append("stickySecret") }
        if let (_, count) = note.overlay, count > 0 { faults.append("\(count) changes of servers") }
        for tickets in note.tickets {
            for listener in model.listeners where listener.name == tickets.listener {
                let keys = zip(tickets.keys, tickets.made).map { ($0, $1) }
                if listener.tls?.context.tickets?.follow(keys) == false { faults.append("tickets of \(listener.name)") }
            }
        }
        let (places, configured) = (serverPlaces, configuredStates)
        var inherited: [Int: InheritedServer] = [:]
        for wanted in note.servers {
            guard let place = places[wanted.upstream]?[wanted.server] else { continue }
            guard let state = OperatorState(name: wanted.state) else {
                faults.append("what is wanted of \(wanted.upstream)/\(wanted.server)")
                continue
            }
            // Who has edited the config since wants that to be in force.
            if let before = wanted.configured, configured[place]?.name != before { continue }
            inherited[place, default: InheritedServer(place)].wanted = state
        }
        for health in note.health {
            guard let place = places[health.upstream]?[health.server] else { continue }
            inherited[place, default: InheritedServer(place)].record = health.record
        }
        keeper.resume(inherited.values.sorted { $0.server < $1.server })
        return faults
    }

    /// The places of all servers, by their upstreams' names and their own.
    private var serverPlaces: [String: [String: Int]] {
        let model = model
        var places: [String: [String: Int]] = [:]
        for upstream in model.upstreams {
            for server in upstream.servers { places[upstream.name, default: [:]][model.servers[server].name] = server }
        }
        return places
    }

    /// Notes what the process that follows has to know.
    func note(in note: inout HandoverNote) async {
        note.confirms = true
        note.stickySecret = StickySecret.ofProcess.bytes
        if let servers = host.servers { note.set(servers.live) }
        let (level, configured) = (host.levels.level, configuration.log.level)
        if level != configured { note.log = HandoverNote.Log(level: level.rawValue, configured: configured.rawValue) }
        for listener in model.listeners {
            guard let keys = listener.tls?.context.tickets?.lasting, !keys.isEmpty else { continue }
            note.tickets.append(
                HandoverNote.Tickets(
                    listener: listener.name, address: listener.address.description, keys: keys.map(\.bytes),
                    made: keys.map(\.made)))
        }
        let (model, states) = (model, configuredStates)
        for report in await reportServers() {
            let configured = states[report.server]
            guard report.wanted != configured, let upstream = model.upstream(of: report.server) else { continue }
            note.servers.append(
                HandoverNote.Server(
                    upstream: upstream.name, server: model.servers[report.server].name, state: report.wanted.name,
                    configured: configured?.name))
        }
        for (server, record) in await keeper.records() {
            guard let upstream = model.upstream(of: server) else { continue }
            note.health.append(
                HandoverNote.Health(upstream: upstream.name, server: model.servers[server].name, record: record))
        }
    }

    /// What the config in force says of servers, by their places.
    private var configuredStates: [Int: OperatorState] {
        var states: [Int: OperatorState] = [:]
        for upstream in model.upstreams { for facts in upstream.health.servers { states[facts.server] = facts.state } }
        return states
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

    /// Takes no config any more, as another process has one.
    func close() { shared.beginDrain() }

    /// Returns when the loops have left their sockets to another process, or after a while.
    func waitUntilLeft() async {
        let deadline = ContinuousClock.now + .seconds(2)
        while left.withLock(\.count) < loops, .now < deadline { try? await Task.sleep(for: .milliseconds(2)) }
    }

    /// The files of Unix sockets belong to the process that follows.
    func share() { inheritance.sockets.share(paths: addresses.compactMap(\.path)) }

    /// Does what only one process may do, now that the one before has let go.
    func takeOver() async {
        inheritance.sockets.takeOver()
        await operation.now.certificates.release()
    }
}
