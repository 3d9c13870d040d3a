import MartletTestSupport
import Testing

/// With the defaults, clients that are slow on purpose are gone in time, and the others do not notice them.
@Suite(.serialized) struct SlowClientTests {
    private static let count = 400

    /// Says a lot, and takes all that is sent to it.
    private static func server() throws -> ScriptedServer {
        try ScriptedServer(limit: .seconds(40)) { socket, _ in
            let large = [UInt8](repeating: 0x61, count: 4 << 20)
            while let head = try socket.readRequestHead() {
                if head.method == "POST" {
                    _ = try socket.receive(exactly: 1 << 20)
                } else {
                    try socket.send("HTTP/1.1 200 OK\r\nContent-Length: \(large.count)\r\n\r\n")
                    try socket.send(large)
                }
            }
        }
    }

    /// What a kind of slow client begins with, and adds every half second.
    private enum Slowness: CaseIterable {
        case head, content, reading

        var beginning: String {
            switch self {
            case .head: "GET / HTTP/1.1\r\nHost: test\r\nX-Slow: "
            case .content: requestText("POST /", ["Content-Length: 1048576"])
            case .reading: requestText("GET /large")
            }
        }

        var addition: String? { self == .reading ? nil : "a" }

        /// The counter of those that were evicted for it.
        var counter: String {
            switch self {
            case .head: "martlet_timeouts_total{kind=\"request_head\"}"
            case .content: "martlet_timeouts_total{kind=\"request_rate\"}"
            case .reading: "martlet_timeouts_total{kind=\"response_rate\"}"
            }
        }
    }

    /// A client like others, which notes how long it has waited for its answers.
    private struct Normal: Sendable {
        var waits: [Duration] = []
        var failures = 0
        var isDone = false

        /// How long all but a part of the answers took at most.
        func wait(but part: Double) -> Duration {
            waits.sorted().dropLast(Int(Double(waits.count) * part)).last ?? .zero
        }
    }

    @Test(.timeLimit(.minutes(20))) func allAreGoneInTimeAndNobodyElseNotices() throws {
        // The normal client's server is another one: threads of a test are no match for so many connections.
        let (server, origin) = (try Self.server(), try Origin())
        let config = Configs.proxy(to: server, "  good: {servers: ['\(origin.address)']}\naccessLog: off\n")
            .replacing("routes:\n", with: "routes:\n  - {host: good, upstream: good}\n", maxReplacements: 1)
        try withMartlet(config) { martlet in
            let normal = Monitor(Normal())
            let port = try martlet.port()
            let thread = TestThread { Self.behaveNormally(port, normal) }
            let clients = try begin(martlet)
            let start = ContinuousClock.now
            var metrics = try martlet.metrics
            // Two are left: the normal client's and the one for these questions.
            while metrics["martlet_connections_active"] ?? 0 > 2 {
                if ContinuousClock.now - start > .seconds(30) { break }
                // Half a second, unless the last of them is told before.
                _ = clients[0].socket.isQuiet(for: .milliseconds(500))
                for client in clients { if let more = client.slowness.addition { try? client.socket.send(more) } }
                metrics = try martlet.metrics
            }
            let taken = ContinuousClock.now - start
            // A few may have ended for another reason: the server, threads of this test, may be too slow to be connected to.
            let least = Double(Self.count) * 0.9
            // All that is not zero tells why, should it be otherwise.
            let seen = metrics.filter { $0.value != 0 && !$0.key.contains("_seconds") }
            for slowness in Slowness.allCases {
                #expect(metrics[slowness.counter] ?? 0 >= least, "\(slowness): \(seen)")
            }
            #expect(taken < .seconds(24), "\(taken)")
            normal.change { $0.isDone = true }
            #expect(thread.join())
            let its = normal.value
            // A machine that does much else may keep it waiting now and then, but not as a rule.
            #expect(its.failures == 0 && its.waits.count > 100, "\(its): \(seen)")
            #expect(its.wait(but: 0.5) < .seconds(1) && its.wait(but: 0.05) < .seconds(5), "\(its): \(seen)")
        }
    }

    private func begin(_ martlet: RunningMartlet) throws -> [(slowness: Slowness, socket: TestSocket)] {
        var clients: [(slowness: Slowness, socket: TestSocket)] = []
        for _ in 0..<Self.count {
            for slowness in Slowness.allCases {
                let socket = try martlet.connect(receiveBuffer: slowness == .reading ? 4_096 : nil)
                try socket.send(slowness.beginning)
                clients.append((slowness, socket))
            }
        }
        return clients
    }

    private static func behaveNormally(_ port: UInt16, _ normal: Monitor<Normal>) {
        var socket: TestSocket?
        while !normal.value.isDone {
            let start = ContinuousClock.now
            let isServed: Bool
            do {
                let client = try socket ?? TestSocket(port: port)
                socket = client
                isServed = try client.exchange("GET /normal", ["Host: good"]).text == "/normal"
            } catch {
                (socket, isServed) = (nil, false)
            }
            let taken = ContinuousClock.now - start
            normal.change { normal in
                if isServed { normal.waits.append(taken) } else { normal.failures += 1 }
            }
            _ = normal.wait(.milliseconds(20)) { $0.isDone ? true : nil }
        }
    }
}
