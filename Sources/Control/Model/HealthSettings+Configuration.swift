// How an upstream's servers are chosen and watched: from the config's units to the keeper's.
import MartletBalancing
import MartletHTTPCore
import MartletProxyConfig

extension UpstreamHealthSettings {
    /// - Parameter places: of the upstream's servers in the model.
    init(_ upstream: UpstreamConfiguration, servers places: [Int]) {
        self.init()
        policy = PolicyKind(upstream)
        servers = zip(upstream.servers, places).map { ServerFacts($0, server: $1) }
        panicThreshold = UInt32(clamping: upstream.panicThreshold)
        slowStart = upstream.slowStart.milliseconds
        drainTime = upstream.drainTimeout?.milliseconds ?? 0
        check = upstream.check.map { CheckSettings($0) }
        agent = upstream.agent.map { AgentSettings($0) }
        ejection = EjectionSettings(upstream.ejection)
    }
}

extension PolicyKind {
    fileprivate init(_ upstream: UpstreamConfiguration) {
        self =
            switch upstream.balance {
            case .leastBusy: .leastBusy
            case .leastRequest: .leastRequest
            case .roundRobin: .roundRobin
            case .random: .random
            case .first: .first
            case .hash: .hash(bound: UInt32(clamping: (upstream.hash ?? HashConfiguration()).bound ?? 0))
            }
    }
}

extension ServerFacts {
    fileprivate init(_ configuration: ServerConfiguration, server: Int) {
        self.init(server: server, identity: Candidate.identity(of: configuration.address.description))
        weight = UInt32(clamping: configuration.weight)
        isBackup = configuration.backup
        inFlightLimit = configuration.maxInFlight.map { UInt32(clamping: $0) } ?? .max
        if case .name = configuration.address { isNamed = true }
        state =
            switch configuration.state {
            case .up: .up
            case .draining: .draining
            case .maintenance: .maintenance
            }
    }
}

extension CheckSettings {
    fileprivate init(_ check: CheckConfiguration) {
        self.init()
        kind =
            switch check.kind {
            case .http: .http(HTTPCheck(check))
            case .tcp: .tcp
            case .grpc: .grpc(GRPCCheck(check))
            }
        port = check.port.map { UInt16(clamping: $0) }
        interval = check.interval.milliseconds
        downInterval = check.downInterval.milliseconds
        jitter = UInt32(clamping: check.jitter)
        timeout = check.timeout.milliseconds
        rise = check.rise
        fall = check.fall
        isUpBeforeFirst = check.before == .up
    }
}

extension HTTPCheck {
    fileprivate init(_ check: CheckConfiguration) {
        self.init()
        method = check.method
        path = check.path
        host = check.host
        fields = check.fields.map { ($0.name, $0.value) }
        statuses = check.statuses
        contains = check.contains
        prefix = check.prefix
    }
}

extension GRPCCheck {
    fileprivate init(_ check: CheckConfiguration) {
        self.init()
        service = check.service ?? ""
        host = check.host
        fields = check.fields.map { ($0.name, $0.value) }
    }
}

extension AgentSettings {
    fileprivate init(_ agent: AgentConfiguration) {
        self.init(port: UInt16(clamping: agent.port))
        send = agent.send ?? ""
        interval = agent.interval.milliseconds
        timeout = agent.timeout.milliseconds
    }
}

extension EjectionSettings {
    /// - Parameter ejection: `nil` for none.
    fileprivate init(_ ejection: EjectionConfiguration?) {
        self.init()
        guard let ejection else {
            maxEjected = 0
            return
        }
        connectionFailures = ejection.connectionFailures ?? 0
        serverErrors = ejection.serverErrors ?? 0
        failureRate = UInt32(clamping: ejection.failureRate ?? 0)
        minimumRequests = ejection.minimumRequests
        window = ejection.window.milliseconds
        time = ejection.time.milliseconds
        longestTime = ejection.longestTime.milliseconds
        maxEjected = UInt32(clamping: ejection.maxEjected)
    }
}
