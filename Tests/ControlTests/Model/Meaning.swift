import MartletEventLoop
import MartletFiles
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting
import MartletTLS
import MartletTelemetry
import MartletTestSupport

@testable import MartletControl

/// What a config means, as text that differs when the meaning does.
struct Meaning: CustomStringConvertible {
    let description: String

    /// - Parameter yaml: a whole file.
    init(_ yaml: String) throws {
        let configuration = try ConfigurationLoader.parse(yaml, file: "test")
        let (secure, findings) = SecureParts.load(configuration)
        if let error = findings.first(where: { $0.severity == .error }) { throw TestFailure(error.message) }
        let guards = try GuardParts.load(configuration)
        let model = try ModelCompiler.compile(
            configuration, loops: 2, secret: StickySecret("a secret of the tests"), secure: secure, guards: guards)
        var parts = model.listeners.map { "listener \(Self.text($0))" }
        parts += Self.texts(secure)
        parts += model.upstreams.map { "security of \($0.name) \(Self.text($0.tls))" }
        parts += Self.routes(of: model)
        parts.append("actions \(model.actions)")
        parts += Self.rules(of: model)
        parts += Self.files(of: model) + guards.sites.roots
        parts += guards.sites.maintenance.sources.map { $0.whenFile ?? "-" }
        parts += guards.files.map { "\($0.what) \($0.paths)" }
        parts += model.upstreams.map { "upstream \($0.name) \($0.servers) \($0.settings) \($0.health) \($0.affinity)" }
        parts += model.servers.map { "server \($0.name) \($0.addresses.map(\.description)) \($0.connectionLimit)" }
        parts += ServerName.all(in: configuration, model).map { "name \($0)" }
        let proxy = IPAddress(hi: 0, lo: 0xffff_0a00_0001)
        parts.append("trusts 10.0.0.1: \(model.trust.proxies.contains(proxy)), by \(model.trust.field ?? [])")
        parts.append("settings \(model.settings)")
        parts += try Self.observation(of: configuration) + model.names.map { "route \($0)" }
        description = parts.joined(separator: "\n")
    }

    /// What operators are told.
    private static func observation(of configuration: Configuration) throws -> [String] {
        var parts = ["metrics \(MetricsLayout(configuration, servers: 0))"]
        parts.append("slow \(SlowPlan(configuration.slowRequests))")
        parts.append("traces \(configuration.tracing.map { "\(TracePlan($0))" } ?? "none")")
        guard let log = configuration.accessLog else { return parts }
        let plan = try AccessLogPlan(log)
        parts.append("log \(plan.share) \(plan.fields.map { "\($0)" } ?? "-")")
        parts += plan.exclusions.map {
            "unlogged \($0.requests.map { "\($0)" } ?? "-") \($0.statuses.map { "\($0)" } ?? "-")"
        }
        return parts
    }

    private static func text(_ listener: ListenerModel) -> String {
        let proxy = IPAddress(hi: 0, lo: 0xffff_0a00_0001)
        let names = listener.tunnel?.names.map { "\($0.host) to \($0.upstream)" } ?? []
        return """
            \(listener.name) \(listener.address.description) \(listener.isAdmin) \(listener.redirectPort ?? 0) \
            \(listener.tunnel != nil) \(names) \(listener.tunnel?.upstream ?? -1) \
            \(listener.proxyProtocol?.contains(proxy) ?? false) \(listener.tls?.strictTransport ?? "-") \
            \(listener.tls?.forwardsCertificate ?? false) \(listener.http2.map { "\($0)" } ?? "no HTTP/2")
            """
    }

    private static func text(_ tls: UpstreamTLS?) -> String {
        tls.map { "\($0.serverName ?? "-") \($0.isInsecure)" } ?? "off"
    }

    /// What stands beside the model.
    private static func texts(_ secure: SecureParts) -> [String] {
        secure.listeners.sorted { $0.key < $1.key }.map { _, listener in
            let (settings, clients) = (listener.settings, listener.settings.clients)
            return """
                \(settings.minimum) \(settings.maximum) \(settings.ciphers) \(settings.groups) \(settings.protocols) \
                \(settings.tickets == nil) \(clients?.isRequired ?? false) \(clients?.allowedNames ?? []) \
                \(clients?.revocations == nil) \(listener.fetching) \(listener.acme.map { "\($0)" } ?? "-")
                """
        }
            + secure.upstreams.sorted { $0.key < $1.key }.map { name, upstream in
                var settings = upstream.settings
                settings.identity = nil
                let pins = settings.pins.map(\.text).sorted()
                settings.pins = []
                return "\(name) \(settings) \(pins)"
            }
            + secure.files.map { "\($0.what) \($0.paths)" }
    }

    private static func rules(of model: Model) -> [String] {
        let guarding = model.guarding
        let proxy = IPAddress(hi: 0, lo: 0xffff_0a00_0001)
        return guarding.access.rules.map { rule in
            let places = ["www.example.com", "a.example.com"].flatMap { host in
                ["/", "/files"].map { rule.requests?.lookup(host: host.utf8.span, path: $0.utf8.span) != nil }
            }
            let lists = rule.lists.map { guarding.access.lists[$0].contains(proxy) }
            return """
                \(rule.name) \(rule.condition != nil) \(rule.action) \(rule.status) \(rule.isShadow) \(places) \
                \(rule.clients?.contains(proxy) ?? false) \(lists)
                """
        } + guarding.gates.map { "gate \($0)" } + ["\(guarding.access.common)"]
            + guarding.admissions.map { "\($0)" } + guarding.identityFields
            + [guarding.challenge.map(challenge) ?? "no challenge"]
    }

    private static func challenge(_ model: ChallengeModel) -> String {
        // Behind the time, and in front of the code.
        let difficulty = model.challenger.puzzle(for: ChallengedClient()).split(separator: 0x2E)[1]
        return "challenge \(model.cookie) \(Array(difficulty)) \(String(decoding: model.front, as: UTF8.self))"
    }

    private static func files(of model: Model) -> [String] {
        let proxy = IPAddress(hi: 0, lo: 0xffff_0a00_0001)
        let client = IPAddress(hi: 0, lo: 0xffff_c000_02ff)
        return model.sites.map { site in
            let type = site.types.type(of: Array("a.foo".utf8))
            return """
                \(site.depth) \(site.index) \(site.lists) \(site.codings) \(type) \(site.fallback ?? []) \(site.showsHidden) \
                \(site.followsLinks)
                """
        }
            + model.guarding.maintenances.map { model in
                let exempt = [proxy, client].map { model.exempt?.contains($0) == true }
                return "\(model.status) \(model.retryAfter) \(model.page?.content ?? []) \(exempt) \(model.isOn)"
            }
    }

    private static func routes(of model: Model) -> [String] {
        let requests = ["a.example.com", "other.test"].flatMap { host in
            ["/", "/api", "/files", "/v1/x"].map { path in
                let found = route(host, path, model)
                let target = found.map { model.targets[$0] }
                let name = target.map { $0.upstream < 0 ? "itself" : model.upstreams[$0.upstream].name } ?? "nobody"
                let upgrades = target.map { model.upgrades.names(in: $0.upgrades) } ?? []
                let slashes = target?.takesEncodedSlashes ?? false
                let isWeb = target?.translatesWeb ?? false
                return "\(host)\(path) to \(name), \(target?.priority ?? .normal), \(upgrades) \(slashes) \(isWeb)"
            }
        }
        return requests + model.mirrors.map { "mirror \($0)" }
            + model.splits.map { split in
                let key = split.key.map { "\($0)" } ?? "random"
                return "\(split.shares) \(key) \(split.override ?? "") \(split.sticky.map { "\($0)" } ?? "")"
            }
    }

    /// The route of a request that has all that the routes of the example ask for.
    private static func route(_ host: String, _ path: String, _ model: Model) -> Int? {
        var head = RequestHead(fieldCapacity: 8)
        var arena: [UInt8] = []
        func add(_ text: String) -> ByteRange {
            let start = arena.count
            arena += Array(text.utf8)
            return ByteRange(from: start, to: arena.count)
        }
        head.authority = add(host)
        head.path = add(path)
        head.query = add("area=eu-west")
        for (name, value) in [("X-Env", "blue"), ("X-Version", "2"), ("X-Debug", ""), ("Cookie", "beta=1")] {
            let known = KnownField(token: name.utf8.span)
            _ = head.fields.append(FieldLine(name: add(name), value: add(value), known: known))
        }
        var memory = RouteMemory()
        memory.certificate = CertificateText([(.subject, "CN=app"), (.dns, "app.example.com")])
        let client = RouteClient(address: IPAddress(v4: 0x0A01_0203), isSecure: true)
        return model.routes.route(head, arena.span, client, &memory)
    }
}
