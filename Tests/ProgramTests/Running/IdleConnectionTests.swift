import Foundation
import MartletTestSupport
import Testing

/// Many connections that wait: they cost little, are served when they ask, and end in time.
@Suite(.serialized, .timeLimit(.minutes(20))) struct IdleConnectionTests {
    private static let count = 10_000

    /// How many files this process, and so the proxy that it starts, may open.
    private static func mayOpen() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8)) ?? ""
        guard let match = text.firstMatch(of: /Max open files +([0-9]+)/) else { return 0 }
        return Int(match.output.1) ?? 0
    }

    @Test(.enabled(if: mayOpen() > count + 1_000, "needs `ulimit -n 12000`"))
    func tenThousandAreHeldServedAndEnded() throws {
        let origin = try Origin()
        let config = Configs.proxy(
            to: origin.server, "limits: {connections: 10100}\ntimeouts: {idle: 10m, requestHead: 10m}\naccessLog: off\n"
        )
        let martlet = try RunningMartlet(config)
        #expect(try martlet.request("GET /").status == 200)
        let before = try martlet.process.residentMemory()
        let clients = try (0..<Self.count).map { _ in try martlet.connect() }
        // One after the other: each of them at once would want a connection to the server.
        #expect(try clients.allSatisfy { try $0.exchange("GET /").status == 200 })
        #expect(try martlet.metrics["martlet_connections_active"] == Double(Self.count + 1))
        let each = Double(try martlet.process.residentMemory() - before) / Double(Self.count)
        // The kernel's memory for sockets is not in it; the promise is 2 KiB.
        #expect(each < 2, "\(each) KiB for a connection")
        #expect(try clients.reversed().allSatisfy { try $0.exchange("GET /again").text == "/again" })
        #expect(try martlet.metrics["martlet_connections_active"] == Double(Self.count + 1))
        #expect(try martlet.metrics["martlet_timeouts_total{kind=\"idle\"}"] == 0)
        martlet.process.signal(SIGTERM)
        #expect(try clients.allSatisfy { try $0.receiveUntilEnd() == [] })
        #expect(try martlet.process.wait() == .code(0))
    }

    @Test func allAreEndedByTheIdleTime() throws {
        let origin = try Origin()
        let config = Configs.proxy(to: origin.server, "timeouts: {idle: 2s, requestHead: 2s}\naccessLog: off\n")
        try withMartlet(config) { martlet in
            // Each asks at once: the time in which the first head has to come runs from the connection's beginning.
            let askers = try (0..<250).map { _ in
                let client = try martlet.connect()
                #expect(try client.exchange("GET /").status == 200)
                return client
            }
            let clients = try askers + (0..<250).map { _ in try martlet.connect() }
            for client in clients { #expect(try client.receiveUntilEnd() == []) }
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"idle\"}", 250)
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"request_head\"}", 250)
            #expect(try martlet.metrics["martlet_connections_active"] == 1)
        }
    }
}
