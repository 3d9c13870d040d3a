// Many tunnels at a time, each of which goes its own way.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

/// What a client and its server do. The client's first byte tells the server.
private enum TunnelScript: UInt8, CaseIterable {
    /// The client sends, ends its side, and then gets all of it back.
    case collects
    /// What is sent comes back at once, to a client that reads slowly.
    case echoes
    /// The server sends all that it has and ends, before it reads.
    case serverEndsFirst
    case serverResets
    case serverCloses
    case clientResets
    case clientCloses

    /// Whether all bytes must arrive, and nothing be cut.
    var isWhole: Bool {
        switch self {
        case .collects, .echoes, .serverEndsFirst: true
        case .serverResets, .serverCloses, .clientResets, .clientCloses: false
        }
    }

    static let greeting = pattern(150_000, seed: 9)

    func serve(_ socket: TestSocket) throws {
        switch self {
        case .collects: try socket.send(try socket.receiveUntilEnd())
        case .echoes, .clientResets, .clientCloses:
            while let piece = try? socket.receive(exactly: 1_000) { try socket.send(piece) }
        case .serverEndsFirst:
            try socket.send(Self.greeting)
            socket.shutdownSend()
            _ = try socket.receiveUntilEnd()
        case .serverResets:
            _ = try socket.receive(exactly: 5_000)
            socket.reset()
        case .serverCloses:
            _ = try socket.receive(exactly: 5_000)
        }
    }

    /// Plays the client's side; what is wrong with it, if anything is.
    func play(_ client: TestSocket, _ bytes: [UInt8]) throws -> String? {
        try client.send([rawValue])
        switch self {
        case .collects:
            try client.send(bytes)
            client.shutdownSend()
            return try client.receiveUntilEnd() == bytes ? nil : "other bytes"
        case .echoes:
            let sending = TestThread {
                try? client.send(bytes)
                client.shutdownSend()
            }
            var back: [UInt8] = []
            let whole = bytes.count / 1_000 * 1_000
            while back.count < whole { back += try client.receive(exactly: 500) }
            let rest = try client.receiveUntilEnd()
            return sending.join() && rest.isEmpty && bytes.starts(with: back) ? nil : "other bytes"
        case .serverEndsFirst:
            let greeting = try client.receiveUntilEnd()
            try client.send(bytes)
            client.shutdownSend()
            return greeting == Self.greeting ? nil : "other bytes"
        case .serverResets, .serverCloses:
            try? client.send(bytes)
            client.shutdownSend()
            _ = try client.receiveUntilGone()
        case .clientResets, .clientCloses:
            try client.send(Array(bytes.prefix(3_000)) + bytes)
            _ = try client.receive(exactly: 1_000)
            if self == .clientResets { client.reset() }
        }
        return nil
    }
}

@Suite struct TunnelChaosTests {
    @Test(
        .timeLimit(.minutes(20)),
        arguments: [
            (seed: 1, memory: 64 << 20), (seed: 2, memory: 2 << 20),
        ])
    func nothingIsLostOrLeftBehind(_ run: (seed: Int, memory: Int)) throws {
        let server = try ScriptedServer(limit: .seconds(60)) { socket, _ in
            guard let first = try? socket.receive(exactly: 1)[0] else { return }
            try? TunnelScript(rawValue: first)?.serve(socket)
        }
        let proxy = try TestProxy(
            ProxySetup(server).relaying.with {
                $0.settings.bufferBytes = run.memory
                // Whoever is slow here is so for a while alone.
                $0.settings.rateGrace = 60_000
            })
        let complaints = Monitor<[String]>([])
        let clients = (0..<42).map { number in
            TestThread {
                var random = SeededRandom(seed: UInt64(run.seed * 1_000 + number))
                for _ in 0..<4 {
                    let script = TunnelScript.allCases.randomElement(using: &random) ?? .echoes
                    let bytes = pattern(Int.random(in: 5_000...400_000, using: &random), seed: random.next())
                    let slow = Bool.random(using: &random)
                    do {
                        let client = try TestSocket(
                            port: proxy.port, receiveBuffer: slow ? 4_096 : nil, limit: .seconds(60))
                        let complaint = try script.play(client, bytes)
                        client.close()
                        if let complaint { complaints.change { $0.append("\(script): \(complaint)") } }
                    } catch  where script.isWhole {
                        complaints.change { $0.append("\(script): \(error)") }
                    } catch {
                        // Whoever is cut may see that at any call.
                    }
                }
            }
        }
        for client in clients { #expect(client.join(.seconds(120))) }
        #expect(complaints.value == [])
        try proxy.wait(for: .tunnelsActive, 0)
        #expect(proxy.metrics.read(.tunnels) == 168)
        try proxy.end(server)
    }
}
