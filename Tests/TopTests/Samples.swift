// A proxy at two moments, a second apart, as its admin API says it.
import MartletProxyConfig

@testable import MartletTop

enum Sample {
    static let bounds = "[500, 1000, 2500, 5000, 10000]"

    /// Counts of a scope or server: answered with 2xx, 4xx, 5xx.
    static func counts(_ good: Int, _ bad: Int = 0, _ failed: Int = 0, failures: Int = 0) -> String {
        let all = good + bad + failed
        return """
            "requests": \(all), "failures": \(failures), "microseconds": \(all * 400),
            "responses": {"none": 0, "1xx": 0, "2xx": \(good), "3xx": 0, "4xx": \(bad), "5xx": \(failed)},
            "buckets": [\(all), 0, 0, 0, 0, 0]
            """
    }

    static func stats(_ scale: Int, pid: Int = 4242) -> String {
        """
        {"pid": \(pid), "version": "1.2.3", "state": "serving", "engine": "epoll", "uptimeSeconds": \(7_500 + scale),
         "milliseconds": \(1_000 * scale), "inFlight": 7, "connections": 31,
         "counters": {"connectionsAccepted": \(4 * scale), "downstreamBytesIn": \(20_000 * scale),
           "downstreamBytesOut": \(1_500_000 * scale), "tunnelsActive": 0},
         "duration": {"bounds": [100, 200, 400, 800], "counts": [\(80 * scale), \(20 * scale), 0, 0], "sum": 0},
         "timeToFirstByte": {"bounds": [100, 200], "counts": [\(100 * scale), 0], "sum": 0},
         "loops": [
           {"loop": 0, "busyNanoseconds": \(350_000_000 * scale), "connectionsActive": 16, "exchangesActive": 4},
           {"loop": 1, "busyNanoseconds": \(920_000_000 * scale), "connectionsActive": 16, "exchangesActive": 4}],
         "bucketBounds": \(bounds),
         "listeners": [{"name": "web", "kind": "http", \(counts(97 * scale, 2 * scale, scale))},
           {"name": "admin", "kind": "admin", \(counts(2 * scale))}],
         "routes": [{"name": "shop", \(counts(60 * scale))}, {"name": "api", \(counts(37 * scale, 2 * scale, scale))},
           {"name": "(none)", \(counts(0))}],
         "upstreams": [{"name": "app", \(counts(97 * scale, 2 * scale, scale))}],
         "servers": [
           {"upstream": "app", "server": "10.0.0.1:8080", "state": "up", "reason": "", "backup": false, "weight": 1,
            "effectiveWeight": 1, "inFlight": 3, "connections": 9, "successes": \(30 * scale), \(counts(30 * scale))},
           {"upstream": "app", "server": "10.0.0.2:8080", "state": "up", "reason": "", "backup": false, "weight": 2,
            "effectiveWeight": 2, "inFlight": 4, "connections": 12, "successes": \(69 * scale),
            \(counts(67 * scale, 2 * scale, scale, failures: scale))},
           {"upstream": "app", "server": "10.0.0.3:8080", "state": "down", "reason": "connection refused",
            "backup": true, "weight": 1, "effectiveWeight": 0, "inFlight": 0, "connections": 0, \(counts(0))}]}
        """
    }

    static func top(_ scale: Int) -> String {
        """
        {"milliseconds": \(1_000 * scale), "wallMilliseconds": \(1_700_000_000_000 + 1_000 * scale),
         "watchedMilliseconds": \(1_000 * scale), "watchSeconds": 15,
         "paths": {"total": \(100 * scale), "tracked": 2, "replaced": 0, "entries": [
           {"host": "shop.example", "path": "/", "requests": \(60 * scale), "clientErrors": 0, "errors": 0,
            "microseconds": \(12_000 * scale)},
           {"host": "shop.example", "path": "/api/\\u001b[2Jorders", "requests": \(35 * scale),
            "clientErrors": \(2 * scale), "errors": \(scale), "microseconds": \(35_000 * scale)}]},
         "clients": {"total": \(100 * scale), "tracked": 1, "replaced": 0, "entries": [
           {"client": "192.0.2.7", "requests": \(100 * scale), "clientErrors": \(2 * scale), "errors": \(scale),
            "microseconds": \(47_000 * scale)}]},
         "errors": {"total": \(3 * scale), "tracked": 2, "replaced": 0, "entries": [
           {"status": 404, "reason": "answered so by the server", "side": null, "route": "api", "upstream": "app",
            "server": "10.0.0.2:8080", "count": \(2 * scale), "last": "2023-11-14T22:13:20Z",
            "lastMilliseconds": 1700000000000, "client": "192.0.2.7", "host": "shop.example", "path": "/api/none"},
           {"status": 502, "reason": "server closed before the response", "side": "server", "route": "api",
            "upstream": "app", "server": "10.0.0.2:8080", "count": \(scale), "last": "2023-11-14T22:13:20Z",
            "lastMilliseconds": 1700000000000, "client": "192.0.2.7", "host": null, "path": null}]}}
        """
    }

    /// The proxy after so many seconds, in each of which it did the same.
    static func snapshot(_ scale: Int, pid: Int = 4242) throws -> Snapshot {
        Snapshot(
            stats: try JSONText(reading: Array(stats(scale, pid: pid).utf8)),
            top: try JSONText(reading: Array(top(scale).utf8)))
    }

    static func report() throws -> Report { Report(try snapshot(3), since: try snapshot(2)) }
}

extension [Line] {
    var plain: String { map { $0.text(coloured: false) }.joined(separator: "\n") }
}
