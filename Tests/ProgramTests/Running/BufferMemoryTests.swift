import MartletTestSupport
import Testing

/// Memory for buffers that is used up: clients are told, and it passes.
@Suite(.serialized, .timeLimit(.minutes(20))) struct BufferMemoryTests {
    /// A server that never stops talking.
    private static func fountain() throws -> ScriptedServer {
        try ScriptedServer(limit: .seconds(60)) { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            let block = [UInt8](repeating: 0x61, count: 65_536)
            while true { try socket.send(block) }
        }
    }

    /// Clients that do not read make the proxy hold what their servers have sent, with at least a small buffer each.
    private func hogs(_ martlet: RunningMartlet) throws -> [TestSocket] {
        try (0..<300).map { _ in
            let hog = try martlet.connect(receiveBuffer: 4_096)
            try hog.send(requestText("GET /"))
            return hog
        }
    }

    private static func status(_ martlet: RunningMartlet) throws -> Int {
        let client = try martlet.connect()
        try client.send(requestText("GET /"))
        guard let line = try? client.receive(until: "\r\n").split(separator: " ") else { return 0 }
        return line.count > 1 ? Int(line[1]) ?? 0 : 0
    }

    private static func expectRecovery(_ martlet: RunningMartlet) throws {
        try eventually("recovered") { try status(martlet) == 200 }
        // Until there is memory for it, an answer as long as this one may be broken off.
        try eventually("operators are answered, too") {
            let admin = try martlet.connect(to: "admin")
            guard let text = try? admin.exchange("GET /metrics").text else { return false }
            return text.contains("\nmartlet_exchanges_active 1\n")
        }
        let metrics = try martlet.metrics
        let signs = ["martlet_buffer_waits_total", "martlet_errors_total{status=\"503\"}"]
        #expect(signs.contains { metrics[$0] ?? 0 > 0 }, "it was not used up")
        try eventually("memory given back") { try martlet.metrics["martlet_buffer_bytes"] ?? .infinity < 300_000 }
    }

    /// Whoever asks meanwhile is told, or served a little later: never left without a word.
    @Test func theSlowAreEvictedAndTheOthersAnswered() throws {
        let server = try Self.fountain()
        let config = "limits: {bufferMemory: 1MiB}\nrates: {response: 1KiB, grace: 500ms}\n"
        try withMartlet(Configs.proxy(to: server, config)) { martlet in
            let hogs = try hogs(martlet)
            let statuses = try (0..<5).map { _ in try Self.status(martlet) }
            #expect(Set(statuses).isSubset(of: [200, 503]), "\(statuses)")
            try eventually("served") { try Self.status(martlet) == 200 }
            for hog in hogs { hog.close() }
            try Self.expectRecovery(martlet)
        }
    }

    /// A client that is reset while it waits for a buffer must give back those that it has.
    @Test func thoseWhoLeaveGiveTheirMemoryBack() throws {
        let server = try Self.fountain()
        let config = "limits: {bufferMemory: 1MiB}\nrates: {response: off}\n"
        try withMartlet(Configs.proxy(to: server, config)) { martlet in
            let hogs = try hogs(martlet)
            // Until all is as full as it gets: one more has to wait, or is told.
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            _ = client.isQuiet(for: .seconds(1))
            for hog in hogs { hog.close() }
            client.close()
            try Self.expectRecovery(martlet)
        }
    }
}
