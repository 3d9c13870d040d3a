// Servers that are added, removed and changed while Martlet runs: what is to be, put into force and kept.
import Logging
import MartletHTTPCore
import MartletProxyConfig
import Synchronization

/// Keeps the differences from the config's file.
final class RuntimeServers: Sendable {
    struct State {
        var live: ServerOverlay
        var saved: ServerOverlay
        /// Why nothing can be saved.
        var fault: StateFault?
        /// Another process serves, which has what is said here, and is the one to be asked.
        var isOver = false
    }

    /// What somebody wants.
    struct Order: Sendable {
        enum Kind: Sendable {
            case add(ServerOverlay.Attributes)
            case change(JSONText)
            case remove
        }

        let key: ServerOverlay.Key
        let kind: Kind
        var isSaved = false
        /// The ETags that the server may have.
        var match: ETag.Condition?
    }

    let state: Mutex<State>
    private let file: StateFile
    private let discovery: Discovery?
    private let source = Mutex<(any ConfigurationSource)?>(nil)
    let turns = TaskChain()
    /// Ends the wait of those who want to change something while another process is to take over.
    let gate = Mutex<CheckedContinuation<Void, Never>?>(nil)

    /// - Parameters:
    ///   - file: read at once; what is in it is in force from the start.
    ///   - inherited: what was in force in the process before this one, in place of that.
    ///   - discovery: finds servers, which can be changed as those of the config can.
    init(_ file: StateFile, inherited: ServerOverlay? = nil, discovery: Discovery? = nil, log: Logger) {
        self.file = file
        self.discovery = discovery
        var overlay = ServerOverlay()
        var fault: StateFault?
        do throws(StateFault) {
            overlay = try file.read()
        } catch {
            fault = error
            log.error(
                "the state file cannot be used: what was saved of servers is not in force",
                metadata: ["file": "\(file.path)", "error": "\(error.message)"])
        }
        state = Mutex(State(live: inherited ?? overlay, saved: overlay, fault: fault))
    }

    /// From now on changes can be put into force.
    func begin(_ source: any ConfigurationSource) { self.source.withLock { $0 = source } }

    /// The config with all that was changed at run time. Every config that is put into force comes by here.
    func overlay(_ configuration: Configuration) -> Configuration {
        live.applied(to: discovery?.overlay(configuration) ?? configuration).configuration
    }

    /// The config with the servers that have been found.
    private func found(_ configuration: Configuration) -> Configuration {
        discovery?.book.applied(to: configuration) ?? configuration
    }

    /// All differences that there are now.
    var live: ServerOverlay { state.withLock(\.live) }

    /// Where a server comes from, and whether it has been changed since the config was read.
    func origin(_ server: ServerConfiguration, of upstream: String) -> (origin: ServerOrigin, isChanged: Bool) {
        let key = ServerOverlay.Key(upstream: upstream, server: server.address)
        let (entry, isSaved) = state.withLock { state in
            (state.live[key], state.live[key] == state.saved[key])
        }
        guard let entry, entry.wanted != nil else { return (server.origin, false) }
        if entry.basis != nil { return (server.origin, true) }
        // It was added before it was found.
        if server.origin != .config { return (server.origin, false) }
        return (isSaved ? .saved : .runtime, false)
    }

    /// What the config in force says of a server, with what has been wanted of it since.
    func current(_ server: ServerConfiguration, of upstream: String) -> ServerOverlay.Attributes {
        var attributes = ServerOverlay.Attributes(server)
        let entry = live[ServerOverlay.Key(upstream: upstream, server: server.address)]
        if let wanted = entry?.wanted, !Self.needsReload(attributes, wanted) { attributes.state = wanted.state }
        return attributes
    }

    /// How many differences there are, and those that do not count, with the reason.
    func summary(_ configuration: Configuration) -> (inForce: Int, dormant: [String]) {
        let overlay = live
        let fates = overlay.applied(to: found(configuration)).fates
        let dormant = zip(overlay.entries, fates).compactMap { entry, fate in
            fate == .needless ? nil : fate.reason.map { "\(entry.text): \($0)" }
        }
        return (fates.count { $0 == .inForce }, dormant)
    }

    /// Drops what was not saved.
    /// - Returns: whether there was anything.
    func reset() -> Bool {
        state.withLock { state in
            let isChanged = state.live != state.saved
            state.live = state.saved
            return isChanged
        }
    }

    /// Does what somebody wants, after what was wanted before.
    /// - Parameter hasPlace: whether the server's state is set by itself, so that nothing has to be put into force for it.
    func perform(_ order: Order) async -> Result<ServerOverlay.Attributes?, AdminProblem> {
        await turns.run { [self] in await performNow(order) }
    }

    private func performNow(_ order: Order) async -> Result<ServerOverlay.Attributes?, AdminProblem> {
        if state.withLock(\.isOver) { return .failure(.followed) }
        guard let source = source.withLock({ $0 }) else {
            return .failure(AdminProblem(503, "this proxy has not started yet"))
        }
        let loaded = found(source.loaded)
        let before = live
        let effective = before.applied(to: loaded).configuration
        let current = Self.attributes(order.key, in: effective)
        let wanted: ServerOverlay.Attributes?
        do throws(AdminProblem) {
            try heed(order, current)
            wanted = try Self.wanted(order, current)
            if wanted == nil { try Self.keepOne(order.key, in: effective) }
        } catch {
            return .failure(error)
        }
        let basis = Self.attributes(order.key, in: loaded)
        let isSet = state.withLock { $0.live.set(order.key, wanted: wanted, basis: basis ?? nil) }
        if !isSet {
            state.withLock { $0.live = before }
            return .failure(
                AdminProblem(507, "there are \(ServerOverlay.limit) changes already; put them into the config"))
        }
        if Self.needsReload(current ?? nil, wanted) {
            let report = await source.reapply()
            if !report.isInForce {
                state.withLock { $0.live = before }
                var problem = AdminProblem(409, "the config would be wrong then; nothing has changed")
                problem.diagnostics = report.diagnostics
                return .failure(problem)
            }
        }
        if order.isSaved, let problem = save(order.key) { return .failure(problem) }
        return .success(wanted)
    }

    private func heed(_ order: Order, _ current: ServerOverlay.Attributes??) throws(AdminProblem) {
        guard let match = order.match, let attributes = current ?? nil else { return }
        let tag = ETag.of(order.key, attributes)
        if !match.isMet(by: tag) {
            throw AdminProblem(412, "the server has been changed since; its ETag is \(tag)")
        }
    }

    /// What a server is to be; `nil` for one that is to go.
    private static func wanted(
        _ order: Order, _ current: ServerOverlay.Attributes??
    ) throws(AdminProblem) -> ServerOverlay.Attributes? {
        guard let current else {
            throw AdminProblem(404, "there is no upstream '\(order.key.upstream)'; GET /v1/upstreams has all")
        }
        switch order.kind {
        case .add(let attributes):
            if current != nil { throw AdminProblem(409, "the upstream has that server already; PATCH it") }
            return attributes
        case .change(let json):
            guard var attributes = current else { throw missing }
            attributes.update(json)
            return attributes
        case .remove:
            if current == nil { throw missing }
            return nil
        }
    }

    /// An upstream without servers is no upstream, unless more are looked for.
    private static func keepOne(_ key: ServerOverlay.Key, in configuration: Configuration) throws(AdminProblem) {
        let upstream = configuration.upstreams.first { $0.name == key.upstream }
        if let upstream, upstream.servers.count == 1, upstream.discover == nil {
            throw AdminProblem(409, "the upstream would have no server then; set its state to maintenance instead")
        }
    }

    private static var missing: AdminProblem {
        AdminProblem(404, "the upstream has no such server; GET /v1/servers has all")
    }

    /// What is said of a server; `nil` if there is no such upstream.
    private static func attributes(
        _ key: ServerOverlay.Key, in configuration: Configuration
    ) -> ServerOverlay.Attributes?? {
        guard let upstream = configuration.upstreams.first(where: { $0.name == key.upstream }) else { return nil }
        return .some(upstream.servers.first { $0.address == key.server }.map { ServerOverlay.Attributes($0) })
    }

    /// What an operator wants of a server is told to the keeper, and takes no other config.
    private static func needsReload(
        _ current: ServerOverlay.Attributes?, _ wanted: ServerOverlay.Attributes?
    ) -> Bool {
        guard var current, let wanted else { return current != wanted }
        current.state = wanted.state
        return current != wanted
    }

    /// Keeps what is said of a server.
    private func save(_ key: ServerOverlay.Key) -> AdminProblem? {
        let (saved, fault) = state.withLock { state in
            var saved = state.saved
            saved.copy(key, from: state.live)
            return (saved, state.fault)
        }
        let hint = "it is in force, but not saved"
        if let fault {
            return AdminProblem(507, "\(hint): \(file.path) has something else in it: \(fault.message); move it away")
        }
        do throws(StateFault) {
            try file.write(saved)
            state.withLock { $0.saved = saved }
            return nil
        } catch {
            return AdminProblem(507, "\(hint): \(error.message); set admin.stateFile")
        }
    }
}
