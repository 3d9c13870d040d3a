// What a request has to pass between its route and the choice of a server: rules, and the question who the client is.
//
//   route ──▶ common rules ──▶ the route's rules ──▶ maintenance? ──▶ who is it? ──▶ compose, choose, send
//                 │ deny            │ deny                │         │   │ later: suspended, with its head composed, until the answer,
//                 └────────┬────────┴─────────────────────┴─────────┘   │ the time limit, or the client's end
//                     answer of our own                                 └─▶ resume
import MartletEventLoop
import MartletGuarding
import MartletHTTPCore
import MartletRouting
import MartletTelemetry

extension ProxyDriver {
    /// Asks all that stand at a gate, in order; why the request is refused, if it is. It may be suspended afterwards.
    mutating func passGate(
        _ exchange: UInt32, _ gate: GateModel, _ arena: Span<UInt8>, on loop: inout EventLoop
    ) -> FailureKind? {
        let common = ask(0..<access.common, exchange, arena)
        if let failure = common ?? ask(Int(gate.first)..<Int(gate.end), exchange, arena) { return failure }
        // Browsers ask without saying who they are; what they ask for afterwards passes all of it.
        if exchanges[exchange].flags.contains(.isPreflight) { return nil }
        if let failure = maintenance(gate.maintenance, exchange) ?? maintenance(gate.ownMaintenance, exchange) {
            metrics.add(.maintenanceAnswers)
            return failure
        }
        return gate.admission < 0 ? nil : admit(exchange, Int(gate.admission), arena, on: &loop)
    }

    /// Takes away what a client says in fields that say who it has proved to be: servers take Martlet's word for it. Names
    /// count in which "-" is "_", too (`ForwardingAlias`).
    mutating func stripIdentity(_ arena: Span<UInt8>) {
        for index in 0..<request.fields.count {
            let name = arena.extracting(request.fields[index].name)
            for field in identityFields where Self.isSpelled(name, field.utf8.span) {
                request.fields[index].isHopByHop = true
            }
        }
    }

    /// Whether a name, in any case and with "_" for "-", is `field`, which is in lower case.
    static func isSpelled(_ name: Span<UInt8>, _ field: Span<UInt8>) -> Bool {
        if name.count != field.count { return false }
        for index in 0..<name.count {
            let byte = name[index] == 0x5F ? 0x2D : ByteScan.lowercased(name[index])
            let other = field[index] == 0x5F ? 0x2D : field[index]
            if byte != other { return false }
        }
        return true
    }

    // MARK: Rules

    /// Asks rules, of which the first that is for the request decides; why it is refused, if it is.
    private mutating func ask(_ rules: Range<Int>, _ exchange: UInt32, _ arena: Span<UInt8>) -> FailureKind? {
        for rule in rules where isFor(rule, exchange, arena) {
            access.counts.add(rule)
            if access.rules[rule].isShadow || access.rules[rule].action == .log {
                exchanges[exchange].accessRule = Int32(rule)
                continue
            }
            if access.rules[rule].action == .allow { return nil }
            if access.rules[rule].action == .challenge {
                guard let failure = challenge(exchange, arena) else { continue }
                exchanges[exchange].accessRule = Int32(rule)
                return failure
            }
            exchanges[exchange].accessRule = Int32(rule)
            metrics.add(.accessDenied)
            return .accessDenied(access.rules[rule].status)
        }
        return nil
    }

    /// Whether a rule is for the request in `request`.
    mutating func isFor(_ rule: Int, _ exchange: UInt32, _ arena: Span<UInt8>) -> Bool {
        let client = exchanges[exchange].client
        let hasClients = access.rules[rule].clients != nil || !access.rules[rule].lists.isEmpty
        if hasClients && !isAmong(rule, client) { return false }
        if let places = access.rules[rule].requests {
            let path = request.form == .asterisk ? StaticString("/").bytes : arena.extracting(request.path)
            let host = arena.extracting(request.authority)
            if !isFor(places, host, path, access.rules[rule].action) { return false }
        }
        guard let condition = access.rules[rule].condition else { return true }
        let source = clients[client].source
        let sender = RouteClient(
            address: IPAddress(hi: source.high, lo: source.low), isSecure: clients[client].flags.contains(.isSecure))
        return condition.route(request, arena, sender, &routeMemory) != nil
    }

    /// Paths come here in one form. Where a route takes encoded slashes, servers may still read one of two paths: what is refused is
    /// refused in either, and what is let in has to be the same in both.
    private mutating func isFor(
        _ places: RouteTable, _ host: Span<UInt8>, _ path: Span<UInt8>, _ action: AccessAction
    ) -> Bool {
        let isMatch = places.lookup(host: host, path: path, &routeMemory) != nil
        if !PathForm.isAmbiguous(path) || isMatch && action != .allow { return isMatch }
        let plain = PathForm.plain(path)
        let isPlainMatch = places.lookup(host: host, path: plain.span, &routeMemory) != nil
        return action == .allow ? isMatch && isPlainMatch : isPlainMatch
    }

    private func isAmong(_ rule: Int, _ client: UInt32) -> Bool {
        let source = clients[client].source
        // One on a Unix socket has no address.
        if source.isLocal { return false }
        let address = IPAddress(hi: source.high, lo: source.low)
        if access.rules[rule].clients?.contains(address) == true { return true }
        for list in access.rules[rule].lists where networkLists[list].contains(address) { return true }
        return false
    }
}
