// Another model takes the place of the one before (decision 0020), between two events of a loop. Nothing that lives is touched
// for it but what the config has changed:
//
//   1 exchanges ─▶ 2 routes, gates ─▶ 3 servers ─▶ 4 upstreams ─▶ 5 listeners ─▶ 6 settings ─▶ said to be done
//
// Upstreams and servers have the places that they had. What exchanges refer to besides is looked up in the new tables, or put
// behind them for as long as the exchange lives (AdoptedPlaces.swift).
import MartletBalancing
import MartletEventLoop
import MartletHTTP2
import MartletRouting

extension ProxyDriver {
    /// Goes by the change's model from now on.
    mutating func adopt(_ change: ModelChange, on loop: inout EventLoop) {
        let old = model
        model = change.model
        let hasOtherRoutes = old.routeSet.generation != model.routeSet.generation
        if hasOtherRoutes { adoptRoutes() }
        if !change.keepsGuards { adoptGuards(change.gatekeeper) }
        adoptServers(old)
        adoptUpstreams(old, on: &loop)
        let failure = adoptListeners(change, on: &loop)
        adoptSettings(old)
        adoptTelling(change.telling, on: &loop)
        change.done(failure)
    }

    /// What routes do, and with it what exchanges refer to.
    private mutating func adoptRoutes() {
        let old = RouteTables(
            actions: actions, splits: splits, mirrors: mirrors, rules: access.rules, admissions: admissions,
            upgrades: upgrades)
        routes = model.routes
        targets = model.targets
        splits = model.splits.map { SplitState($0) }
        mirrors = model.mirrors
        actions = model.actions
        upgrades = model.upgrades
        gates = model.guarding.gates
        access = model.guarding.access
        admissions = model.guarding.admissions
        identityFields = model.guarding.identityFields
        stripsIdentity = !identityFields.isEmpty
        matchesCertificates = model.matchesCertificates
        sites = model.sites
        carryExchanges(old)
    }

    /// What has been read from files.
    private mutating func adoptGuards(_ gatekeeper: (any Gatekeeper)?) {
        networkLists = model.guarding.access.lists
        maintenances = model.guarding.maintenances
        folders = model.sites.map(\.folder)
        self.gatekeeper = gatekeeper
    }

    private mutating func adoptSettings(_ old: Model) {
        settings = model.settings
        let isSame =
            settings.requestHead == old.settings.requestHead && settings.responseHead == old.settings.responseHead
            && model.largestFieldTable <= scratch.tableBytes
        if isSame { return }
        scratch = ScratchSize(model, atLeast: scratch)
        makeScratch()
    }

    /// Which of the places that nothing in the config has are referred to here.
    func slotUse() -> SlotUse {
        let retired = model.slots.retired
        var use = SlotUse()
        if retired.isEmpty { return use }
        for index in 0..<servers.places {
            guard let token = servers.token(at: index) else { continue }
            use.servers.insert(Int(servers[token.index].server))
            use.upstreams.insert(Int(servers[token.index].upstream))
        }
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            let exchange = UInt32(index)
            use.upstreams.insert(Int(exchanges[exchange].upstream))
            let own = [exchanges[exchange].server, exchanges[exchange].stuckTo, exchanges[exchange].probation]
            for server in own { use.servers.insert(Int(server)) }
            for server in retired.servers where exchanges[exchange].tried.contains(server) {
                use.servers.insert(server)
            }
        }
        use.upstreams.formIntersection(retired.upstreams)
        use.servers.formIntersection(retired.servers)
        return use
    }
}
