// The keys of upstreams, each with a change that must reach the model.

extension EveryKeyTests {
    static let changesOfUpstreams: [(key: String, from: String, to: String)] =
        changesOfChoosing + changesOfChecks + changesOfAnswering

    private static let changesOfChoosing: [(key: String, from: String, to: String)] = [
        ("Upstream.servers", "      - \"127.0.0.1:9002\"\n", ""),
        ("Server.address", "\"app.test:9001\"", "\"[::1]:9001\""),
        ("Server.weight", "weight: 1", "weight: 2"),
        ("Server.backup", "backup: false", "backup: true"),
        ("Server.state", "state: up", "state: draining"),
        ("Server.maxInFlight", "maxInFlight: off", "maxInFlight: 8"),
        ("Server.maxConnections", "maxConnections: off", "maxConnections: 8"),
        ("Upstream.balance", "balance: least-busy", "balance: first"),
        ("Upstream.hash", "    hash:\n      key: client-address\n      bound: 125%\n", "    hash: path\n"),
        ("Hash.key", "key: client-address", "key: cookie id"),
        ("Hash.bound", "bound: 125%", "bound: off"),
        ("Upstream.sticky", "      cookie: martlet\n", "      cookie: other\n"),
        ("Sticky.cookie", "cookie: martlet\n", "cookie: id\n"),
        ("Sticky.secret", "secret: 9f", "secret: 00"),
        ("Sticky.ttl", "ttl: session", "ttl: 1h"),
        ("Sticky.path", "      path: /\n      domain", "      path: /a\n      domain"),
        ("Sticky.domain", "domain: example.com", "domain: other.test"),
        ("Sticky.secure", "secure: false", "secure: true"),
        ("Sticky.httpOnly", "httpOnly: true", "httpOnly: false"),
        ("Sticky.sameSite", "sameSite: lax", "sameSite: strict"),
        ("Upstream.slowStart", "slowStart: 0s", "slowStart: 30s"),
        ("Upstream.panicThreshold", "panicThreshold: 10%", "panicThreshold: 50%"),
        ("Upstream.drainTimeout", "drainTimeout: 30s", "drainTimeout: off"),
    ]

    private static let keysOfHTTP = """
        kind: http
              method: GET
              path: /
              host: app.example.com
              fields: { X-Probe: martlet }
              statuses: 200-399
              contains: ready
              prefix: "{"

        """

    private static let changesOfChecks: [(key: String, from: String, to: String)] = [
        ("Upstream.check", "    check:\n      \(keysOfHTTP)", "    check:\n"),
        ("Check.kind", keysOfHTTP, "kind: tcp\n"),
        ("Check.method", "method: GET", "method: OPTIONS"),
        ("Check.path", "      path: /\n      host", "      path: /healthz\n      host"),
        ("Check.host", "host: app.example.com", "host: other.test"),
        ("Check.fields", "X-Probe: martlet", "X-Probe: other"),
        ("Check.statuses", "statuses: 200-399", "statuses: 204"),
        ("Check.contains", "contains: ready", "contains: well"),
        ("Check.prefix", "prefix: \"{\"", "prefix: \"[\""),
        ("Check.service", "service: files.v1.Files", "service: files.v2.Files"),
        ("Check.port", "port: 9100", "port: 9101"),
        ("Check.interval", "port: 9100\n      interval: 2s", "port: 9100\n      interval: 3s"),
        ("Check.downInterval", "downInterval: 500ms", "downInterval: 400ms"),
        ("Check.jitter", "jitter: 10%", "jitter: 20%"),
        ("Check.timeout", "jitter: 10%\n      timeout: 1s", "jitter: 10%\n      timeout: 900ms"),
        ("Check.rise", "rise: 2", "rise: 3"),
        ("Check.fall", "fall: 2", "fall: 3"),
        ("Check.before", "before: up", "before: down"),
        ("Upstream.agent", "    agent:\n      port: 9200\n", "    agent:\n      port: 9202\n"),
        ("Agent.port", "port: 9200", "port: 9201"),
        ("Agent.send", "status\\n", "state\\n"),
        ("Agent.interval", "status\\n\"\n      interval: 2s", "status\\n\"\n      interval: 3s"),
        ("Agent.timeout", "interval: 2s\n      timeout: 1s", "interval: 2s\n      timeout: 900ms"),
        ("Upstream.ejection", "      connectionFailures: 3\n", "      connectionFailures: 5\n"),
        ("Ejection.connectionFailures", "connectionFailures: 3", "connectionFailures: off"),
        ("Ejection.serverErrors", "serverErrors: 10", "serverErrors: off"),
        ("Ejection.failureRate", "failureRate: 50%", "failureRate: 60%"),
        ("Ejection.minimumRequests", "minimumRequests: 50", "minimumRequests: 51"),
        ("Ejection.window", "window: 10s", "window: 11s"),
        ("Ejection.time", "      time: 1s", "      time: 2s"),
        ("Ejection.longestTime", "longestTime: 60s", "longestTime: 61s"),
        ("Ejection.maxEjected", "maxEjected: 50%", "maxEjected: 51%"),
    ]

    private static let changesOfAnswering: [(key: String, from: String, to: String)] = [
        ("Upstream.connectTimeout", "connectTimeout: 2s", "connectTimeout: 3s"),
        ("Upstream.responseTimeout", "responseTimeout: 60s", "responseTimeout: 61s"),
        ("Upstream.stallTimeout", "stallTimeout: 60s", "stallTimeout: 61s"),
        ("Upstream.retry", "      attempts: 3\n", "      attempts: 5\n"),
        ("Retry.attempts", "attempts: 3", "attempts: 4"),
        ("Retry.tryTimeout", "tryTimeout: off", "tryTimeout: 5s"),
        ("Retry.statuses", "statuses: [502, 503, 504]", "statuses: [429, 500-504]"),
        ("Retry.grpcStatuses", "grpcStatuses: []", "grpcStatuses: [unavailable]"),
        ("Upstream.grpc", "    grpc:\n      maxTimeout: off", "    grpc:\n      maxTimeout: 2m"),
        ("GRPC.maxTimeout", "maxTimeout: off", "maxTimeout: 1m"),
        ("Retry.methods", "methods: idempotent", "methods: all"),
        ("Retry.pause", "pause: 25ms", "pause: 26ms"),
        ("Retry.longestPause", "longestPause: 250ms", "longestPause: 251ms"),
        ("Retry.budget", "budget: 20%", "budget: 21%"),
        ("Retry.budgetFloor", "budgetFloor: 10", "budgetFloor: 11"),
        ("Retry.bodyMemory", "bodyMemory: 64KiB", "bodyMemory: 65KiB"),
        ("Retry.bodyFile", "bodyFile: off", "bodyFile: 10MiB"),
        ("Upstream.hedge", "      percentile: 99\n", "      percentile: 90\n"),
        ("Hedge.percentile", "percentile: 99", "percentile: 99.9"),
        ("Hedge.leastTime", "leastTime: 5ms", "leastTime: 6ms"),
        ("Hedge.longestTime", "leastTime: 5ms\n      longestTime: 1s", "leastTime: 5ms\n      longestTime: 2s"),
        ("Upstream.queue", "      size: 1024\n", "      size: 0\n"),
        ("Queue.size", "size: 1024", "size: 1025"),
        ("Queue.saturatedTimeout", "saturatedTimeout: 10s", "saturatedTimeout: 11s"),
        ("Queue.noServerTimeout", "noServerTimeout: 5s", "noServerTimeout: 11s"),
        ("Upstream.breaker", "      requests: off\n", "      requests: 7\n"),
        ("Breaker.connections", "      connections: off", "      connections: 9"),
        ("Breaker.requests", "requests: off", "requests: 9"),
        ("Breaker.retries", "retries: off", "retries: 9"),
        ("Upstream.resolveInterval", "resolveInterval: 10s", "resolveInterval: 11s"),
        ("Upstream.pool", "      maxIdle: 64\n      idleTimeout: 30s\n", "      maxIdle: 1\n"),
        ("Pool.maxIdle", "maxIdle: 64", "maxIdle: 65"),
        ("Pool.idleTimeout", "idleTimeout: 30s", "idleTimeout: 31s"),
        ("Pool.maxRequests", "maxRequests: off", "maxRequests: 7"),
    ]
}
