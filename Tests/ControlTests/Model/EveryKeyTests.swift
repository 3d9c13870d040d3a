import Foundation
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl

/// No key is only decoded: whoever changes one changes what the loops are given.
@Suite struct EveryKeyTests {
    private static let example = URL(filePath: #filePath)
        .appending(path: "../../../../docs/examples/everything.yaml").standardizedFileURL

    /// The section of the example's first route.
    private static let routeAuth =
        "    auth:\n      apiKeys:\n        file: /etc/martlet/keys\n        header: X-API-Key\n"
        + "        query: key\n        nameField: X-Authenticated-Key\n"

    /// Each key with a line of the example, or a part of one, and what it is changed to.
    private static let changes: [(key: String, from: String, to: String)] =
        changesOfUpstreams + changesOfObservation + changesOfSecurity + changesOfHTTP2 + changesOfRoutes
        + changesOfActions + changesOfFiles
        + [
            ("trustedProxies", "trustedProxies: []", "trustedProxies: [10.0.0.0/8]"),
            ("clientAddressField", "clientAddressField: X-Forwarded-For", "clientAddressField: Forwarded"),
            ("listeners", "name: web\n", "name: web\n  - address: \":8083\"\n"),
            ("Listener.address", "\":8080\"", "\":8082\""),
            ("Listener.name", "name: web", "name: shop"),
            ("routes", "routes:\n", "routes:\n  - {path: /api, upstream: files}\n"),
            ("Route.name", "name: shop", "name: store"),
            ("Route.host", "\"*.example.com\"", "other.test"),
            ("Route.path", "path: /*", "path: /api/*"),
            ("Route.upstream", "path: /*\n    upstream: api\n", "path: /*\n    upstream: b\n"),
            ("Route.priority", "priority: normal", "priority: high"),
            ("Route.upgrades", "upgrades: [websocket]", "upgrades: [websocket, tcp]"),
            ("Route.grpcWeb", "/files/*\n    upstream: files\n", "/files/*\n    upstream: files\n    grpcWeb: true\n"),
            ("Route.access", "access: []", "access: [{action: deny}]"),
            ("access", "access:\n  - name", "access:\n  - action: log\n  - name"),
            ("AccessRule.name", "name: blocked", "name: refused"),
            ("AccessRule.action", "action: deny", "action: allow"),
            ("AccessRule.status", "status: 403", "status: 404"),
            ("AccessRule.shadow", "shadow: false", "shadow: true"),
            ("AccessRule.host", "host: www.example.com", "host: a.example.com"),
            ("AccessRule.path", "    path: /*\n    clients:", "    path: /files\n    clients:"),
            ("AccessRule.clients", "clients: 192.0.2.0/24", "clients: 10.0.0.0/8"),
            ("AccessRule.clientFiles", "blocked.txt", "others.txt"),
            ("AccessRule.when", "    when:\n      methods: [POST]\n", ""),
            ("Route.auth", routeAuth, "    auth: off\n"),
            ("Auth.any", routeAuth, "    auth: {any: [{apiKeys: {file: /etc/martlet/keys}}]}\n"),
            ("Challenge.difficulty", "difficulty: 16", "difficulty: 17"),
            ("Challenge.passFor", "passFor: 12h", "passFor: 11h"),
            ("Challenge.cookie", "cookie: martlet_pass", "cookie: other_pass"),
            ("Limits.suspendedRequests", "suspendedRequests: 10000", "suspendedRequests: 9000"),
            ("Timeouts.admission", "admission: 10s", "admission: 9s"),
            ("BasicAuth.realm", "realm: Martlet", "realm: Shop"),
            ("BasicAuth.userField", "X-Authenticated-User", "X-Person"),
            ("BasicAuth.file", "/etc/martlet/users", "/etc/martlet/other-users"),
            ("APIKeys.file", "/etc/martlet/keys", "/etc/martlet/other-keys"),
            ("APIKeys.header", "header: X-API-Key", "header: X-Key"),
            ("APIKeys.query", "query: key", "query: off"),
            ("ForwardAuth.ca", "services.pem", "other-services.pem"),
            ("ForwardAuth.copyFields", "copyFields: [X-Groups]", "copyFields: [X-Teams]"),
            ("ForwardAuth.userField", "userField: X-Member", "userField: X-Person"),
            ("JWTAuth.secretFile", "token-secret", "other-secret"),
            ("JWTAuth.keyFiles", "token-key.pem", "other-key.pem"),
            ("JWTAuth.jwksFile", "jwks.json", "other-jwks.json"),
            ("JWTAuth.jwksCA", "jwksCA: /etc/martlet/services.pem", "jwksCA: /etc/martlet/other-services.pem"),
            ("JWTAuth.fields", "fields: {X-Subject: sub}", "fields: {X-Who: sub}"),
            ("JWTAuth.header", "header: Authorization", "header: X-Token"),
            ("JWTAuth.cookie", "cookie: token", "cookie: other"),
            ("JWTAuth.query", "query: access_token", "query: other"),
            ("JWTAuth.realm", "access_token\n        realm: Martlet", "access_token\n        realm: Shop"),
            ("APIKeys.nameField", "X-Authenticated-Key", "X-Key-Name"),
            ("upstreams", "upstreams:\n", "upstreams:\n  c: {servers: [\"127.0.0.1:1\"]}\n"),
            ("Limits.requestHead", "requestHead: 32KiB", "requestHead: 33KiB"),
            ("Limits.requestFields", "requestFields: 100", "requestFields: 101"),
            ("Limits.uri", "uri: 8KiB", "uri: 9KiB"),
            ("Limits.requestBody", "requestBody: off", "requestBody: 1MiB"),
            ("Limits.responseHead", "responseHead: 32KiB", "responseHead: 33KiB"),
            ("Limits.responseFields", "responseFields: 200", "responseFields: 201"),
            ("Limits.connections", "connections: 50000", "connections: 50001"),
            ("Limits.connectionsPerClient", "connectionsPerClient: off", "connectionsPerClient: 8"),
            ("Limits.requestsPerConnection", "requestsPerConnection: off", "requestsPerConnection: 9"),
            ("Limits.bufferMemory", "bufferMemory: 256MiB", "bufferMemory: 257MiB"),
            ("Limits.replayFiles", "replayFiles: 1GiB", "replayFiles: 2GiB"),
            ("limits", "limits:\n", "limits:\n  # as above\n"),
            ("Timeouts.requestHead", "requestHead: 10s", "requestHead: 11s"),
            ("Timeouts.idle", "  idle: 60s", "  idle: 61s"),
            ("Timeouts.exchange", "exchange: off", "exchange: 1h"),
            ("Timeouts.linger", "linger: 2s", "linger: 3s"),
            ("Rates.request", "request: 500B", "request: 501B"),
            ("Rates.response", "response: 500B", "response: off"),
            ("Rates.grace", "grace: 8s", "grace: 9s"),
            ("Admin.address", "\"127.0.0.1:9901\"", "\"127.0.0.1:9902\""),
            (
                "Admin.tls", "  tls: off\n  stateFile",
                "  tls: {certificates: [/etc/martlet/example.org.pem]}\n  stateFile"
            ),
            ("admin", "  address: \"127.0.0.1:9901\"", "  address: \"127.0.0.2:9901\""),
        ]

    /// Sections, which have no value of their own, and what is read beside the loops: by `ProxyServer` (workers, engine), the
    /// access log's writer, the log, the supervisor, and the keys of tickets. Their effect is tested with the whole program.
    private static let beside: Set<String> = [
        "Admin.token", "Admin.open", "Admin.hosts", "Admin.stateFile",
        "Upstream.discover", "Discover.dns", "Discover.type", "Discover.port", "Discover.folder", "Discover.minTTL",
        "Discover.maxTTL", "Discover.emptyAnswers", "Discover.maxServers", "Discover.startTimeout",
        "resolvers", "Resolvers.addresses", "Resolvers.file", "Resolvers.search", "Resolvers.ndots",
        "Resolvers.timeout", "Resolvers.tries",
        "challenge", "Challenge.secret", "auth", "Auth.basic", "Auth.apiKeys", "BasicAuth.cache", "BasicAuth.queue",
        "Auth.jwt", "JWTAuth.algorithms", "JWTAuth.jwksURL", "JWTAuth.jwksInterval", "JWTAuth.issuer",
        "JWTAuth.audience",
        "JWTAuth.requireExpiry", "JWTAuth.leeway", "JWTAuth.claims", "JWTAuth.userClaim", "JWTAuth.tokenSize",
        "JWTAuth.cache", "JWTAuth.cacheEntries", "JWTAuth.queue",
        "Auth.forward", "ForwardAuth.url", "ForwardAuth.clientFields", "ForwardAuth.originalFields",
        "ForwardAuth.timeout",
        "ForwardAuth.onFailure", "ForwardAuth.concurrency", "ForwardAuth.queue", "ForwardAuth.answerSize",
        "ForwardAuth.cache", "ForwardCache.fields", "ForwardCache.time", "ForwardCache.entries",
        "ForwardCache.perTarget",
        "limits", "timeouts", "rates", "accessLog", "log", "workers", "engine", "include", "AccessLog.format",
        "AccessLog.file",
        "AccessLog.queue", "Log.level", "Log.format", "Timeouts.drain", "Tickets.rotate", "Limits.fileThreads",
        "Limits.servers", "Limits.upstreams",
        "user", "group", "Timeouts.upgrade",
        "AccessLog.exclude", "metrics", "Tracing.service", "Tracing.otlp", "OTLP.endpoint",
        "OTLP.headers", "OTLP.timeout", "OTLP.queue",
    ]

    /// The files that the example names, and others in their place.
    private static let files = [
        ("example.com.pem", "chain"), ("example.com.key", "key"), ("example.org.pem", "both"), ("martlet.pem", "chain"),
        ("martlet.key", "key"), ("copy.pem", "both"), ("copy.key", "key"), ("clients.pem", "authority"),
        ("servers.pem", "authority"), ("acme-roots.pem", "authority"), ("revoked.pem", "revoked"), ("ticket", "ticket"),
        ("users", "users"), ("other-users", "users"), ("keys", "keys"), ("other-keys", "keys"),
        ("token-secret", "secret"), ("other-secret", "secret"), ("token-key.pem", "public"),
        ("other-key.pem", "public"),
        ("jwks.json", "set"), ("other-jwks.json", "set"), ("services.pem", "authority"),
        ("other-services.pem", "authority"), ("blocked.txt", "blocked"),
        ("others.txt", "others"),
        ("blocked.txt", "blocked"), ("others.txt", "others"),
        ("sorry.html", "sorry"), ("other.html", "others"), ("other-mark", "others"),
    ]

    /// A key of P-256, in two forms.
    private static let publicKey =
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiruY5tTmFlF6xCj3GzYd909b3bwt\n"
        + "WDwpaZqJzqH4bZCaTjgViMoSy7Ko3PpVY0tYV9eyzPMQGICWfEETqC4RhQ==\n-----END PUBLIC KEY-----\n"
    private static let keySet = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"iruY5tTmFlF6xCj3GzYd909b3bwtWDwpaZqJzqH4bZA",
        "y":"mk44FYjKEsuyqNz6VWNLWFfXsszzEBiAlnxBE6guEYU"}]}
        """

    /// Makes the files that the example names in a folder of their own.
    private static func makeFiles(_ certificates: TestCertificates) throws {
        let leaf = try certificates.leaf(["example.com"])
        let contents: [String: [UInt8]] = [
            "chain": leaf.chainPEM, "key": leaf.keyPEM, "both": leaf.chainPEM + leaf.keyPEM,
            "authority": certificates.authorityPEM, "revoked": try certificates.revoke([]).pem,
            "ticket": [UInt8](repeating: 7, count: 80), "blocked": Array("198.51.100.0/24\n".utf8),
            "secret": [UInt8](repeating: 0x61, count: 64), "public": Array(publicKey.utf8), "set": Array(keySet.utf8),
            "users": Array("ann:$2y$05$abcdefghijklmnopqrstuu\n".utf8),
            "keys": Array("backup:\(String(repeating: "ab", count: 32))\n".utf8), "others": Array("10.0.0.1\n".utf8),
            "sorry": Array("sorry".utf8),
        ]
        for (name, kind) in files {
            try Data(try #require(contents[kind])).write(to: URL(filePath: "\(certificates.folder)/\(name)"))
        }
        for name in ["site", "other-site"] {
            try FileManager.default.createDirectory(
                atPath: "\(certificates.folder)/\(name)", withIntermediateDirectories: true)
        }
    }

    private static func example(_ key: String, _ from: String, _ to: String) throws -> String {
        // A name, because only names are looked up again.
        let text = try String(contentsOf: example, encoding: .utf8).replacing("127.0.0.1:9001", with: "app.test:9001")
        // The first behind its section: some keys have the same name and value in two of them.
        let place = try #require(text.range(of: from), "\(key): \(from)")
        return text.replacingCharacters(in: place, with: to)
            .replacing("upstreams:\n", with: "upstreams:\n  b: {servers: [\"app.test:1\"]}\n", maxReplacements: 1)
            .replacing("routes:\n", with: "routes:\n  - {host: b.test, upstream: b}\n", maxReplacements: 1)
    }

    /// One test for all, as the files take a while to make.
    @Test func aChangeReachesTheModel() throws {
        let certificates = try TestCertificates()
        try Self.makeFiles(certificates)
        for (key, from, to) in Self.changes where !Self.beside.contains(key) {
            let texts = try [from, to].map {
                try Self.example(key, from, $0).replacing("/etc/martlet/", with: certificates.folder + "/")
            }
            let before = try Meaning(texts[0]).description
            let after = try Meaning(texts[1]).description
            #expect(before != after, "\(key)")
        }
    }

    @Test func noKeyIsForgotten() {
        let keys = SchemaDocument.textNames.filter { $0.contains(".") }.map {
            $0.replacing("Configuration", with: "")
        }
        let known = Set(Self.changes.map { $0.key }).union(Self.beside).map { $0.hasPrefix(".") ? $0 : "." + $0 }
        for key in keys {
            let suffix = key.hasPrefix(".") ? key : "." + key
            #expect(known.contains(suffix), "\(key) is in no table above")
        }
        #expect(keys.count >= 40)
    }
}
