// Servers and upstreams: how they are, and changing them while Martlet runs.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletHealth
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

/// What operators want of servers, as the admin API and the config call it.
enum ServerOrder {
    static let names = ServerState.allCases.map(\.rawValue)
}

/// How servers are, in words.
enum HealthStateNames {
    static let all = HealthState.allCases.map(\.name)
}

extension AdminAPI {
    private typealias Server = AdminScene.View.Server

    // MARK: Looking

    func servers(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let name = call.values["upstream"]
        if let name { try require(upstream: name) }
        return json(.array(await list { name == nil || $0.upstream == name }), call)
    }

    func server(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let key = try key(call)
        return try await answer(key, call)
    }

    private func answer(_ key: ServerOverlay.Key, _ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        guard let server = find(key), let object = await list({ $0.place == server.place }).first else {
            throw AdminProblem(404, "the upstream has no such server; GET /v1/servers has all")
        }
        return json(object, call, tag: ETag.of(key, attributes(server)))
    }

    private func find(_ key: ServerOverlay.Key) -> AdminScene.View.Server? {
        scene.view().servers.first { $0.key == key }
    }

    private func attributes(_ server: AdminScene.View.Server) -> ServerOverlay.Attributes {
        scene.host.servers?.current(server.settings, of: server.upstream) ?? ServerOverlay.Attributes(server.settings)
    }

    func upstreams(_ name: String?) async -> [JSONText] {
        let view = scene.view()
        let (snapshot, reports) = (scene.snapshot(view), await scene.reports())
        var states: [Int: HealthState] = [:]
        for report in reports { states[report.server] = report.state }
        var places: [String: [Int]] = [:]
        for server in view.servers { places[server.upstream, default: []].append(server.place) }
        return view.configuration.upstreams.filter { name == nil || $0.name == name }.map { upstream in
            let own = places[upstream.name] ?? []
            func sum(_ counter: ServerCounter) -> JSONText {
                .integer(own.reduce(0) { $0 + Int(clamping: snapshot[counter, server: $1]) })
            }
            return .object([
                ("name", .string(upstream.name)), ("servers", .integer(own.count)),
                ("up", .integer(own.count { states[$0] == .up || states[$0] == .starting })),
                ("inFlight", .integer(own.reduce(0) { $0 + scene.loads.inFlight($1) })), ("requests", sum(.requests)),
                ("failures", sum(.failures)),
            ])
        }
    }

    func upstream(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        guard let object = await upstreams(call.path("upstream")).first else { throw noUpstream(call.path("upstream")) }
        return json(object, call)
    }

    /// Those servers that somebody wants to see.
    func list(_ isWanted: (AdminScene.View.Server) -> Bool) async -> [JSONText] {
        let view = scene.view()
        let (servers, snapshot) = (view.servers.filter(isWanted), scene.snapshot(view))
        var reports: [Int: ServerReport] = [:]
        for report in await scene.reports() { reports[report.server] = report }
        return servers.compactMap { server in reports[server.place].map { object(server, $0, snapshot) } }
    }

    private func object(
        _ server: AdminScene.View.Server, _ report: ServerReport, _ snapshot: MetricsSnapshot
    ) -> JSONText {
        let (place, settings) = (server.place, attributes(server))
        let origin =
            scene.host.servers?.origin(server.settings, of: server.upstream) ?? (
                origin: server.settings.origin, isChanged: false
            )
        let outcomes = scene.loads.outcomes(place)
        func counted(_ counter: ServerCounter) -> JSONText { count(snapshot[counter, server: place]) }
        func limit(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }
        return .object([
            ("upstream", .string(server.upstream)), ("server", .string(server.settings.address.description)),
            ("origin", .string(origin.origin.rawValue)), ("changed", .boolean(origin.isChanged)),
            ("state", .string(report.state.name)), ("reason", .string(report.reason)),
            ("seconds", .integer(Int(clamping: report.time / 1_000))), ("wanted", .string(report.wanted.configured)),
            ("backup", .boolean(report.isBackup)), ("weight", .integer(settings.weight)),
            ("effectiveWeight", .decimal(Double(report.weight) / Double(Candidate.unit))),
            ("maxInFlight", limit(settings.maxInFlight)), ("maxConnections", limit(settings.maxConnections)),
            ("inFlight", .integer(max(0, scene.loads.inFlight(place)))),
            ("connections", .integer(max(0, scene.loads.connections(place)))),
            ("latencyMicroseconds", .integer(Int(clamping: scene.loads.latency(place) / 1_000))),
            ("requests", counted(.requests)),
            (
                "responses",
                .object([
                    ("1xx", counted(.responses1xx)), ("2xx", counted(.responses2xx)), ("3xx", counted(.responses3xx)),
                    ("4xx", counted(.responses4xx)), ("5xx", counted(.responses5xx)),
                ])
            ),
            ("successes", .integer(Int(clamping: outcomes.0))), ("failures", .integer(Int(clamping: outcomes.1))),
            ("bytesIn", counted(.bytesIn)), ("bytesOut", counted(.bytesOut)),
            ("microseconds", counted(.microseconds)),
            ("buckets", .array((0..<DurationBuckets.count).map { count(snapshot.bucket($0, server: place)) })),
        ])
    }

    // MARK: Changing

    func add(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let name = call.path("upstream")
        try require(upstream: name)
        guard let json = call.json, case .string(let text)? = json["address"] else {
            throw AdminProblem(422, "the content names no address")
        }
        let address = try address(text, status: 422)
        var attributes = ServerOverlay.Attributes()
        attributes.update(json)
        let key = ServerOverlay.Key(upstream: name, server: address)
        _ = try await perform(key, .add(attributes), call)
        var answer = try await answer(key, call)
        let path = "/v1/upstreams/\(PercentCoding.encoded(name))/servers/\(PercentCoding.encoded(address.description))"
        answer.lines += Array("Location: \(path)\r\n".utf8)
        return answer
    }

    func change(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let key = try key(call)
        let attributes = try await perform(key, .change(call.json ?? .object([])), call)
        if let attributes, call.json?["state"] != nil, let server = find(key) {
            scene.keeper.setState(server.place, OperatorState(attributes.state))
        }
        return try await answer(key, call)
    }

    func remove(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let key = try key(call)
        let place = find(key)?.place
        _ = try await perform(key, .remove, call)
        if let place, let seconds = call.integer("drainSeconds") { cut(place, after: seconds) }
        return LocalAnswer(status: 204, contentType: "", content: [])
    }

    /// Cuts what a removed server still works on, after a while. If it has come back by then, or another server has its place after
    /// a reload, nothing is cut.
    private func cut(_ place: Int, after seconds: Int) {
        let slots = scene.view().model.slots.servers
        guard slots.names.indices.contains(place), let server = slots.names[place] else { return }
        Task {
            try? await Task.sleep(for: .seconds(seconds))
            let slots = scene.view().model.slots.servers
            guard slots.retired.contains(place), slots.names[place] == server else { return }
            for loop in scene.loops { loop.post(.cutServer(place)) }
        }
    }

    private func perform(
        _ key: ServerOverlay.Key, _ kind: RuntimeServers.Order.Kind, _ call: APICall
    ) async throws(AdminProblem) -> ServerOverlay.Attributes? {
        guard let servers = scene.host.servers else {
            throw AdminProblem(503, "this proxy is run by a program that sets its servers by itself")
        }
        var order = RuntimeServers.Order(key: key, kind: kind)
        order.isSaved = call.json?["save"] == .boolean(true) || call.boolean("save")
        order.match = call.request.list("if-match").map { ETag.Condition($0) }
        return try await servers.perform(order).get()
    }

    // MARK: Names

    private func key(_ call: APICall) throws(AdminProblem) -> ServerOverlay.Key {
        let name = call.path("upstream")
        try require(upstream: name)
        return ServerOverlay.Key(upstream: name, server: try address(call.path("server"), status: 404))
    }

    private func address(_ text: String, status: Int) throws(AdminProblem) -> ServerAddress {
        do throws(AddressError) {
            return try ServerAddress(parsing: text)
        } catch {
            throw AdminProblem(status, "\(error.message); expected \(error.expected)")
        }
    }

    private func require(upstream name: String) throws(AdminProblem) {
        if !scene.view().configuration.upstreams.contains(where: { $0.name == name }) { throw noUpstream(name) }
    }

    private func noUpstream(_ name: String) -> AdminProblem {
        AdminProblem(404, "there is no upstream '\(name.prefix(64))'; GET /v1/upstreams has all")
    }
}

extension OperatorState {
    /// As the config calls it.
    var configured: String {
        switch self {
        case .up: ServerState.up.rawValue
        case .draining: ServerState.draining.rawValue
        case .maintenance: ServerState.maintenance.rawValue
        }
    }

    init(_ state: ServerState) {
        self =
            switch state {
            case .up: .up
            case .draining: .draining
            case .maintenance: .maintenance
            }
    }
}
