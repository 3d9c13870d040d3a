/// Keys about what operators are told.
extension EveryKeyTests {
    static let changesOfObservation: [(key: String, from: String, to: String)] = [
        ("AccessLog.fields", "[time, client,", "[client,"),
        ("AccessLog.redact", "redact: [Authorization,", "redact: [X-Tenant,"),
        ("AccessLog.sample", "sample: 1\n  exclude", "sample: 0.5\n  exclude"),
        (
            "AccessLogExclusion.host", "host: www.example.com\n      path: /healthz",
            "host: a.test\n      path: /healthz"
        ),
        ("AccessLogExclusion.path", "path: /healthz\n      statuses", "path: /health\n      statuses"),
        ("AccessLogExclusion.statuses", "statuses: 200-399\n      when", "statuses: 200-299\n      when"),
        ("AccessLogExclusion.when", "      when:\n        methods: [GET, HEAD]\n  file", "  file"),
        ("tracing", "tracing:\n  sample: 1\n  propagate", "tracing:\n  sample: 0.3\n  propagate"),
        ("Tracing.sample", "sample: 1\n  propagate", "sample: 0.5\n  propagate"),
        ("Tracing.propagate", "propagate: trusted", "propagate: all"),
        ("Route.tracing", "    tracing:\n      sample: 0.1\n", "    tracing: off\n"),
        ("RouteTracing.sample", "sample: 0.1", "sample: 0.2"),
        ("slowRequests", "slowRequests:\n  over: 1s\n  perSecond: 10\n", ""),
        ("SlowRequests.over", "over: 1s", "over: 2s"), ("SlowRequests.perSecond", "perSecond: 10", "perSecond: 9"),
        ("Metrics.routes", "metrics:\n  routes: 256", "metrics:\n  routes: 255"),
        ("Metrics.upstreams", "upstreams: 256\n  listeners", "upstreams: 255\n  listeners"),
        ("Metrics.listeners", "listeners: 64", "listeners: 63"),
    ]
}
