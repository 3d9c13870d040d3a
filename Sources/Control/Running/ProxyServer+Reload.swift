// Another config while the proxy runs (decision 0020):
//
//   1 make all that is new ─▶ 2 loops swap ─▶ 3 keeper swaps ─▶ 4 it is in force ─▶ 5 end what was before
//
// Only the first can fail, and then nothing has changed.
import MartletBalancing
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletRouting
import MartletTelemetry

/// All that a config needs and that is not there yet.
private struct Preparation: ~Copyable {
    var new: InForce
    let keepsGuards: Bool
    let listeners: ListenerMatch
    let sockets: ListenerSockets
    /// What of it is said about requests, and how.
    let telling: TellingChange
}

extension ProxyServer: ConfigurationTarget {
    /// How long loops may take until they have answered: one that takes longer does not answer any more.
    private static var patience: Duration { .seconds(10) }

    /// Puts another config in force, without touching what it does not change. One after the other; returns when all loops go by
    /// it. If that fails, all is as it was.
    package func reload(_ configuration: Configuration) async -> Result<ReloadNote, StartError> {
        await turns.enter()
        defer { turns.leave() }
        guard isRunning else { return .failure(.notRunning) }
        let now = operation.now
        let inUse = await slotUse(now.model)
        do throws(StartError) {
            let preparation = try prepare(configuration, after: now, inUse)
            return .success(await commit(preparation, after: now))
        } catch {
            return .failure(error)
        }
    }

    /// Which places of what has been removed are referred to by loops.
    private func slotUse(_ model: Model) async -> SlotUse {
        let retired = model.slots.retired
        if retired.isEmpty { return retired }
        let answers = Answers<SlotUse>(loops)
        for (loop, mailbox) in mailboxes.enumerated() { mailbox.post(.use { answers.give(loop, $0) }) }
        var use = SlotUse()
        // Of a loop that says nothing the worst is assumed.
        for answer in await answers.all(within: Self.patience) { use.formUnion(answer ?? retired) }
        for server in retired.servers
        where balance.loads.inFlight(server) != 0 || balance.loads.connections(server) != 0 {
            use.servers.insert(server)
        }
        return use
    }

    // MARK: 1  Make all that is new

    private func prepare(
        _ configuration: Configuration, after now: InForce, _ inUse: SlotUse
    ) throws(StartError) -> Preparation {
        try ClientLoops.require(configuration)
        let secure = try SecureParts.open(
            configuration, after: SecureBefore(configuration: now.configuration, parts: now.secure), log: log)
        let keepsGuards = configuration.hasSameRoutes(as: now.configuration)
        let guards = keepsGuards ? now.guards : try GuardParts.open(configuration, after: now.guards)
        var before = CompiledBefore(now.configuration, now.model, inUse: inUse)
        before.keepsRoutes = keepsGuards
        let compiled = try Self.compile(configuration, loops: loops, secure, guards, after: before)
        try checkRoom(compiled)
        let match = ListenerMatch(compiled.listeners, after: now.model.listeners)
        let sockets = try ListenerSockets(match.added.map { compiled.listeners[$0] }, loops: loops)
        let addresses = match.addresses(now.addresses, sockets.addresses)
        let model = scopes.label(
            ModelCompiler.place(compiled, ModelCompiler.redirects(configuration), at: addresses))
        var new = now
        (new.configuration, new.model, new.addresses) = (configuration, model, addresses)
        (new.secure, new.guards) = (secure, guards)
        if !secure.isSame(as: now.secure) {
            new.certificates = try CertificateKeeper(configuration, secure, challenges: model.challenges, log: log)
        }
        if !keepsGuards {
            new.files = FileKeeper(guards.files, log: log)
            new.sites = SiteKeeper(guards.sites, model.sites, audience: guards.audience, log: log)
        }
        // Last: who exports spans has to be ended once it is there.
        new.telling = try Telling(configuration, after: now.telling, of: now.configuration, log: log)
        let telling = try TellingChange(from: now.configuration, to: configuration, new.telling)
        return Preparation(new: new, keepsGuards: keepsGuards, listeners: match, sockets: sockets, telling: telling)
    }

    private func checkRoom(_ model: Model) throws(StartError) {
        let (servers, upstreams) = (balance.loads.servers, balance.upstreamRoom)
        if model.servers.count > servers { throw StartError.noRoom("limits.servers", "servers", servers) }
        if model.upstreams.count > upstreams { throw StartError.noRoom("limits.upstreams", "upstreams", upstreams) }
    }

    // MARK: 2 to 5  Put it in force

    private func commit(_ preparation: consuming Preparation, after now: InForce) async -> ReloadNote {
        let new = preparation.new
        let (keepsGuards, match, telling) = (
            preparation.keepsGuards, preparation.listeners, preparation.telling
        )
        let descriptors = preparation.sockets.take().descriptors
        var note = ReloadNote(
            from: now.configuration, to: new.configuration,
            listeners: match.removed.map { now.model.listeners[$0].name }, new.model, after: now.model)
        clearPlaces(of: new.model, after: now.model)
        note.failures += await begin(new, after: now, keepsGuards: keepsGuards)
        note.failures += await swap(new, after: now, match, descriptors, telling)
        await keeper.adopt(new.model, loops: mailboxes, within: Self.patience)
        operation.replace(new)
        let (level, before) = (new.configuration.log.level, now.configuration.log.level)
        // What the admin API has set stays until the file says something else.
        if level != before { host.levels.level = level }
        note.failures += end(now, before: new, keepsGuards: keepsGuards, removed: match.removed)
        return note
    }

    /// Nothing is known of what has a place that was another one's.
    private func clearPlaces(of model: Model, after old: Model) {
        for (place, name) in model.slots.servers.names.enumerated() where name != nil {
            if place < old.slots.servers.count && old.slots.servers.names[place] == name { continue }
            balance.loads.reset(place)
            for metrics in metrics { metrics.reset(server: place) }
        }
        for (place, name) in model.slots.upstreams.names.enumerated() where name != nil {
            if place < old.slots.upstreams.count && old.slots.upstreams.names[place] == name { continue }
            balance.upstreams.reset(place)
        }
    }

    /// Starts what loops will ask, and what clients of new listeners are shown.
    private func begin(_ new: InForce, after now: InForce, keepsGuards: Bool) async -> [String] {
        var failures: [String] = []
        if new.certificates !== now.certificates {
            await now.certificates.conclude()
            await new.certificates.prepare()
        }
        operation.totals.add(new.telling)
        failures += Self.starting("who tells of requests") { () throws(SystemError) in
            try new.telling.start(after: now.telling)
        }
        failures += Self.starting("who checks clients") { () throws(SystemError) in
            if !keepsGuards { try new.guards.start() }
            if !new.model.sites.isEmpty { try diskThreads.start() }
        }
        return failures
    }

    private func swap(
        _ new: InForce, after now: InForce, _ match: ListenerMatch, _ descriptors: [[Int32?]], _ telling: TellingChange
    ) async -> [String] {
        let keepsGuards = new.files === now.files
        // What is said of the old tables from now on would meet the new ones.
        if !keepsGuards { now.guards.audience.close() }
        let answers = Answers<SystemError?>(loops)
        for (loop, mailbox) in mailboxes.enumerated() {
            var change = ModelChange(
                new.model, listeners: match.kept, descriptors: match.descriptors(descriptors[loop])
            ) { answers.give(loop, $0) }
            change.keepsGuards = keepsGuards
            if !keepsGuards { change.gatekeeper = AdmissionDesk(judges: new.guards.judges) }
            change.telling = telling
            mailbox.post(.model(change))
        }
        if !keepsGuards { new.guards.audience.add(mailboxes) }
        return await answers.all(within: Self.patience).enumerated().compactMap { loop, answer in
            guard let answer else { return "event loop \(loop) does not answer" }
            return answer.map { "event loop \(loop) cannot listen: \($0)" }
        }
    }

    /// Ends who looked after what was in force before, and starts those who look after it now.
    private func end(_ now: InForce, before new: InForce, keepsGuards: Bool, removed: [Int]) -> [String] {
        var failures = Self.starting("the keepers of files") { () throws(SystemError) in
            if new.certificates !== now.certificates { try new.certificates.start() }
            if !keepsGuards {
                try new.files.start()
                try new.sites.start()
            }
        }
        if new.certificates !== now.certificates { now.certificates.stop() }
        if !keepsGuards {
            now.files.stop()
            now.sites.stop()
            retire(now.guards, after: new.configuration.timeouts.admission)
        }
        failures += Self.starting("the end of the access log before") { () throws(SystemError) in
            try now.telling.end(before: new.telling, operation.totals)
        }
        let names = ServerName.all(in: new.configuration, new.model)
        if names != ServerName.all(in: now.configuration, now.model) { failures += resolve(names) }
        for place in removed {
            if let path = now.addresses[place].path, !new.addresses.contains(where: { $0.path == path }),
                inheritance.sockets.owns(path: path)
            {
                FileRemoval.remove(path)
            }
        }
        return failures
    }

    /// Exchanges that wait for an answer of theirs still get it.
    private func retire(_ guards: GuardParts, after time: Duration) {
        if guards.judges.isEmpty { return }
        Task {
            try? await Task.sleep(for: time)
            guards.retire()
        }
    }

    private static func starting(_ what: String, _ body: () throws(SystemError) -> Void) -> [String] {
        do throws(SystemError) {
            try body()
            return []
        } catch {
            return ["\(what) could not be started: \(error)"]
        }
    }
}
