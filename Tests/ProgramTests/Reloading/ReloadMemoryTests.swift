import Foundation
import Glibc
import MartletTestSupport
import Testing

/// Nothing gathers however often the config is read again.
@Suite(.timeLimit(.minutes(20))) struct ReloadMemoryTests {
    /// Reloads before memory is looked at, and those after.
    private static let (warmUp, rounds) = (60, 300)

    private func config(_ origin: String, _ round: Int, renames: Bool) -> String {
        // Two configs in turns, or names that never come back.
        let name = renames ? "n\(round)" : "n\(round % 2)"
        let more = (0..<20).map {
            "  - {name: \(name)-\($0), host: \(name).example, path: /\($0)/*, upstream: \(name), methods: GET}"
        }
        return """
            workers: 1
            listeners: [{address: "127.0.0.1:0", name: web}]
            admin: {address: "127.0.0.1:0"}
            accessLog: off
            routes:
              - {path: /*, upstream: app, requestFields: {set: {X-Round: "\(round)"}}}
            \(more.joined(separator: "\n"))
            upstreams:
              app: {servers: ["\(origin)"]}
              \(name): {servers: ["127.1.\(round / 250).\(round % 250 + 1):9"], balance: round-robin}

            """
    }

    /// Reloads as often, with a request after each, and says how much memory there is more in the end, in KiB.
    private func growth(_ martlet: RunningMartlet, _ origin: Origin, renames: Bool) throws -> (before: Int, after: Int)
    {
        let client = try martlet.connect()
        var before = 0
        for round in 1...(Self.warmUp + Self.rounds) {
            try martlet.write(config(origin.address, round, renames: renames))
            martlet.process.signal(SIGHUP)
            try martlet.waitForMetric("martlet_reloads_total{result=\"applied\"}", Double(round), .seconds(60))
            #expect(try client.exchange("GET /x", ["Host: n\(round).example"]).status == 200)
            if round == Self.warmUp { before = try martlet.memory() }
        }
        #expect(try origin.lastRequest["X-Round"] == "\(Self.warmUp + Self.rounds)")
        return (before, try martlet.memory())
    }

    @Test(arguments: [false, true])
    func memoryStaysAsItIs(renames: Bool) throws {
        let origin = try Origin { _ in response(200, "text") }
        try withMartlet(config(origin.address, 0, renames: renames)) { martlet in
            let (before, after) = try growth(martlet, origin, renames: renames)
            // A reload that kept its model would keep some 100 KiB.
            #expect(after <= before + before / 20 + 2_048, "\(before) KiB have become \(after) KiB")
            let metrics = try martlet.metrics
            // Each name has counters of its own still, and those of names that are gone are not shown.
            #expect(metrics["martlet_routes_without_metrics"] == 0 && metrics["martlet_upstreams_without_metrics"] == 0)
            let shown = metrics.keys.filter { $0.hasPrefix("martlet_route_") && $0.contains("class=\"2xx\"") }
            // Those of the config, and what no route is for.
            #expect(shown.count == 22, "\(shown)")
        }
    }
}
