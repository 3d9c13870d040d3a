import Foundation
import MartletProxyConfig
import Testing

struct ExampleTests {
    static let folder = SchemaFilesTests.root.appendingPathComponent("docs/examples")

    static func configuration(_ name: String) throws -> CheckedConfiguration {
        try ConfigurationLoader.check(path: folder.appendingPathComponent(name).path)
    }

    @Test func everyExampleLoadsWithoutAWarning() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: ExampleTests.folder.path)
        #expect(names.count >= 4)
        for name in names.sorted() {
            let checked = try ExampleTests.configuration(name)
            #expect(checked.warnings == [], "\(name)")
        }
    }

    @Test func whatTheExampleOfEverythingShowsAreTheDefaults() throws {
        let shown = try ExampleTests.configuration("everything.yaml").configuration
        var plain = Configuration(listeners: shown.listeners, routes: shown.routes)
        plain.upstreams = shown.upstreams.map { ExampleTests.plain($0) }
        plain.admin = shown.admin
        (plain.resolvers.search, plain.resolvers.ndots) = (shown.resolvers.search, shown.resolvers.ndots)
        (plain.user, plain.group) = (shown.user, shown.group)
        plain.tracing = shown.tracing.map { tracing in
            var plain = TracingConfiguration()
            plain.otlp = OTLPConfiguration()
            plain.otlp?.endpoint = tracing.otlp?.endpoint ?? ""
            plain.otlp?.headers = tracing.otlp?.headers ?? []
            return plain
        }
        plain.slowRequests = SlowRequestsConfiguration()
        plain.accessLog?.fields = shown.accessLog?.fields ?? []
        plain.accessLog?.exclude = shown.accessLog?.exclude ?? []
        plain.access = shown.access.map { rule in
            var plain = AccessRuleConfiguration()
            (plain.name, plain.action, plain.host, plain.path) = (rule.name, rule.action, rule.host, rule.path)
            (plain.clients, plain.clientFiles, plain.when) = (rule.clients, rule.clientFiles, rule.when)
            return plain
        }
        plain.challenge.secret = shown.challenge.secret
        plain.auth = AuthConfiguration()
        plain.auth?.basic = BasicAuthConfiguration()
        plain.auth?.basic?.file = shown.auth?.basic?.file ?? ""
        plain.secureHeaders = shown.secureHeaders.map { SecureHeadersConfiguration($0.level) }
        plain.cors = shown.cors.map { CORSConfiguration(origins: $0.origins) }
        plain.compression = CompressionConfiguration()
        #expect(shown == plain)
    }

    /// An upstream with the defaults, and what has no default taken from `shown`.
    private static func plain(_ shown: UpstreamConfiguration) -> UpstreamConfiguration {
        var plain = UpstreamConfiguration(name: shown.name, servers: shown.servers.map { .init(address: $0.address) })
        plain.discover = shown.discover.map { discover in
            var plain = DiscoverConfiguration()
            (plain.dns, plain.type, plain.port) = (discover.dns, discover.type, discover.port)
            plain.folder = discover.folder
            return plain
        }
        plain.balance = shown.balance
        plain.protocol = shown.protocol
        plain.hash = shown.hash.map { _ in HashConfiguration() }
        plain.sticky = shown.sticky.map { sticky in
            var plain = StickyConfiguration()
            (plain.secret, plain.domain) = (sticky.secret, sticky.domain)
            return plain
        }
        plain.check = shown.check.map { check in
            var plain = CheckConfiguration()
            (plain.host, plain.fields, plain.port) = (check.host, check.fields, check.port)
            (plain.contains, plain.prefix) = (check.contains, check.prefix)
            (plain.kind, plain.service) = (check.kind, check.service)
            return plain
        }
        plain.agent = shown.agent.map { agent in
            var plain = AgentConfiguration(port: agent.port)
            plain.send = agent.send
            return plain
        }
        plain.hideOrigin = shown.hideOrigin
        plain.hedge = shown.hedge.map { _ in HedgeConfiguration() }
        plain.tls = shown.tls.map { tls in
            var plain = UpstreamTLSConfiguration()
            (plain.ca, plain.serverName, plain.pins) = (tls.ca, tls.serverName, tls.pins)
            (plain.certificate, plain.key) = (tls.certificate, tls.key)
            return plain
        }
        return plain
    }

    @Test func theExampleOfEverythingHasEveryKey() throws {
        let text = try String(
            contentsOf: ExampleTests.folder.appendingPathComponent("everything.yaml"), encoding: .utf8)
        for name in SchemaDocument.textNames {
            guard let dot = name.firstIndex(of: ".") else { continue }
            #expect(text.contains("\(name[name.index(after: dot)...]):"), "\(name)")
        }
    }

    /// The page says what the code does: a file with every default it names is the same as one without.
    @Test func theDefaultsOnTheReferencePageAreThoseOfTheCode() throws {
        let defaults = ExampleTests.defaults
        #expect(defaults.count >= 30)
        let plain =
            "listeners: [{address: ':1'%LISTENER%}]\nroutes: [{upstream: a%ROUTE%}]\n"
            + "upstreams: {a: {servers: [{address: 'a:1'%SERVER%}]%UPSTREAM%}}\n"
        var written = plain
        // `accessLog` is a section or `off`, and shows its keys one by one.
        for section in [
            "limits", "timeouts", "rates", "log", "accessLog", "metrics", "hideOrigin", "challenge", "resolvers",
        ] {
            written += "\(section): {\(ExampleTests.keys(of: section, in: defaults).joined(separator: ", "))}\n"
        }
        for (key, value) in defaults where !key.contains(".") && key != "routes" { written += "\(key): \(value)\n" }
        var upstream = ExampleTests.keys(of: "upstreams.NAME", in: defaults)
        for section in ["ejection", "retry", "queue", "breaker", "pool"] {
            let keys = ExampleTests.keys(of: "upstreams.NAME.\(section)", in: defaults).joined(separator: ", ")
            upstream.append("\(section): {\(keys)}")
        }
        written.replace("%UPSTREAM%", with: ", " + upstream.joined(separator: ", "))
        let server = ExampleTests.keys(of: "upstreams.NAME.servers[]", in: defaults).joined(separator: ", ")
        written.replace("%SERVER%", with: ", " + server)
        var route = ExampleTests.keys(of: "routes[]", in: defaults)
        for section in ["requestFields", "responseFields"] {
            let keys = ExampleTests.keys(of: "routes[].\(section)", in: defaults).joined(separator: ", ")
            route.append("\(section): {\(keys)}")
        }
        written.replace("%ROUTE%", with: ", " + route.joined(separator: ", "))
        // `http2` is a section or a word, and shows its keys one by one.
        let http2 = "http2: {\(ExampleTests.keys(of: "listeners[].http2", in: defaults).joined(separator: ", "))}"
        let listener = ExampleTests.keys(of: "listeners[]", in: defaults).filter { $0 != "http2: on" } + [http2]
        written.replace("%LISTENER%", with: ", " + listener.joined(separator: ", "))
        let bare = ["%UPSTREAM%", "%ROUTE%", "%SERVER%", "%LISTENER%"].reduce(plain) { $0.replacing($1, with: "") }
        let withDefaults = try ConfigurationLoader.parse(written, file: "reference")
        #expect(try withDefaults == ConfigurationLoader.parse(bare, file: "bare"))
        let count = written.count { $0 == ":" }
        // Those that are off: they are in the test below.
        let isOff =
            /((upstreams\.NAME\.(hash|discover|sticky|check|agent|hedge|tls|http2|maintenance)|listeners\[\]\.tls|admin\.tls)|(routes\[\]\.)?(access\[\]|auth\.(basic|apiKeys|forward|jwt)|compression|responseBody|cors|secureHeaders|bufferRequest|mirror|files|maintenance)|accessLog\.exclude\[\]|slowRequests|tracing|tracing\.otlp)\..*/
        #expect(count > defaults.keys.count { $0.wholeMatch(of: isOff) == nil }, "\(written)")
    }

    /// Sections that are off by default have the defaults that the page names once they are on.
    @Test(arguments: ["sticky: {", "check: {", "hedge: {", "hash: {", "agent: {port: 1, ", "tls: {", "http2: {"])
    func theDefaultsOfWhatIsOffAreThoseOfTheCode(start: String) throws {
        let section = start.prefix { $0 != ":" }
        let keys = ExampleTests.keys(of: "upstreams.NAME.\(section)", in: ExampleTests.defaults)
        #expect(keys.count >= 2)
        let written = ExampleTests.upstream("\(start)\(keys.joined(separator: ", "))}")
        let bare = ExampleTests.upstream("\(start)}")
        #expect(
            try ConfigurationLoader.parse(written, file: "written") == ConfigurationLoader.parse(bare, file: "bare"))
    }

    /// The same of copies of a route's requests.
    @Test func theDefaultsOfMirrorsAreThoseOfTheCode() throws {
        let keys = ExampleTests.keys(of: "routes[].mirror", in: ExampleTests.defaults)
        #expect(keys.count == 4)
        func file(_ keys: [String]) -> String {
            "listeners: [{address: ':1'}]\nroutes: [{upstream: a, mirror: {\((["to: b"] + keys).joined(separator: ", "))}}]\n"
                + "upstreams: {a: {servers: ['a:1']}, b: {servers: ['b:1']}}\n"
        }
        #expect(
            try ConfigurationLoader.parse(file(keys), file: "written")
                == ConfigurationLoader.parse(file([]), file: "bare"))
    }

    /// The same of TLS for clients. Some sections come with a key that they must have.
    @Test(
        arguments: [
            (".tls", "certificates: [a.pem]"), (".tls.certificates[]", "certificate: a.pem"),
            (".tls.acme", "domains: [a.test]"), (".tls.clientCertificates", "ca: b.pem"), (".tls.tickets", ""),
            (".tls.hsts", ""),
        ])
    func theDefaultsOfTLSAreThoseOfTheCode(section: String, required: String) throws {
        let keys = ExampleTests.keys(of: "listeners[]" + section, in: ExampleTests.defaults)
            .filter { !$0.hasPrefix("certificates:") }
        #expect(!keys.isEmpty)
        func file(_ keys: [String]) -> String {
            var text = "{\((keys + [required]).filter { !$0.isEmpty }.joined(separator: ", "))}"
            for part in section.split(separator: ".").dropFirst().reversed() {
                let isList = part.hasSuffix("[]")
                text = "{\(isList ? part.dropLast(2) : part): \(isList ? "[\(text)]" : text)"
                text += isList ? "}" : ", certificates: [a.pem]}"
            }
            return "listeners: [{address: ':1', tls: \(text)}, {address: ':2'}]\n"
        }
        #expect(
            try ConfigurationLoader.parse(file(keys), file: "written")
                == ConfigurationLoader.parse(file([]), file: "bare"))
    }

    /// The same of who is let in.
    @Test(
        arguments: [
            ("routes[].access[]", "action: deny"), ("routes[].auth.basic", "file: ./users"),
            ("routes[].auth.apiKeys", "file: ./keys"),
            ("routes[].auth.forward", "url: 'http://a.test/'"),
            ("routes[].auth.jwt", "algorithms: [RS256], jwksFile: ./set"),
        ])
    func theDefaultsOfGuardingAreThoseOfTheCode(section: String, required: String) throws {
        let keys = ExampleTests.keys(of: section, in: ExampleTests.defaults)
        #expect(keys.count >= 2)
        func file(_ keys: [String]) -> String {
            let text = "{\((keys + [required]).joined(separator: ", "))}"
            let part = section.dropFirst("routes[].auth.".count)
            let guarding = section == "routes[].access[]" ? "access: [\(text)]" : "auth: {\(part): \(text)}"
            return "listeners: [{address: ':1'}]\n\(guarding)\n"
        }
        #expect(
            try ConfigurationLoader.parse(file(keys), file: "written")
                == ConfigurationLoader.parse(file([]), file: "bare"))
    }

    private static func upstream(_ keys: String) -> String {
        let isOn = keys.hasPrefix("hash") ? ", balance: hash" : keys.hasPrefix("http2") ? ", protocol: h2" : ""
        return "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\n"
            + "upstreams: {a: {servers: ['a:1'], \(keys)\(isOn)}}\n"
    }

    /// The defaults that the reference page names, by key path.
    private static var defaults: [String: String] {
        var defaults: [String: String] = [:]
        for block in SchemaDocument.referencePage().split(separator: "### `").dropFirst() {
            guard let start = block.range(of: "; default `")?.upperBound else { continue }
            defaults[String(block.prefix { $0 != "`" })] = String(block[start...].prefix { $0 != "`" })
        }
        return defaults
    }

    private static func keys(of section: String, in defaults: [String: String]) -> [String] {
        defaults.filter { $0.key.hasPrefix(section + ".") && !$0.key.dropFirst(section.count + 1).contains(".") }
            .map { "\($0.key.dropFirst(section.count + 1)): \($0.value)" }.sorted()
    }
}
