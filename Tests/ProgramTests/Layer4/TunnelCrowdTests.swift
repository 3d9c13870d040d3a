// Many connections at a time, large ones, and those whose server dies.
import Glibc
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct TunnelCrowdTests {
    private static let check = "check: {kind: tcp, interval: 100ms, downInterval: 100ms, timeout: 1s}"

    /// Two hundred tunnels over two servers: one is killed, the others' connections go on, and it is used again when it is
    /// back.
    @Test func aServerIsKilledAndComesBack() throws {
        let folder = try TestFolder()
        var servers = try ["0", "1"].map { try ScriptedServer.linesBack($0, path: "\(folder.path)/\($0)") }
        let config = TCPConfigs.proxy(
            to: ["0", "1"].map { "unix:\(folder.path)/\($0)" },
            upstream: ["balance: round-robin", "ejection: off", Self.check])
        try withMartlet(config) { martlet throws in
            let clients = try (0..<200).map { _ in try martlet.connect(to: "tcp") }
            var names: [String] = []
            for client in clients {
                try client.send("a\n")
                names.append(String(try client.receive(until: "\n").prefix { $0 != " " }))
            }
            let killed = "0"
            let lost = names.count { $0 == killed }
            #expect(lost > 50 && lost < 150)
            try martlet.waitForMetric("martlet_tunnels_active", 200)
            servers[0].stop()
            for (client, name) in zip(clients, names) where name == killed {
                _ = try client.receiveUntilGone()
                client.close()
            }
            try martlet.waitForMetric("martlet_tunnels_active", Double(200 - lost))
            for (client, name) in zip(clients, names) where name != killed {
                try client.send("b\n")
                #expect(try client.receive(until: "\n") == "\(name) b\n")
            }
            for _ in 0..<10 { #expect(try Self.answer(martlet) == "1 end\n") }
            servers[0] = try .linesBack(killed, path: "\(folder.path)/0")
            try eventually("used again") { try Self.answer(martlet) == "\(killed) end\n" }
            for client in clients { client.close() }
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            try martlet.waitForMetric("martlet_upstream_connections_active", 0)
        }
    }

    private static func answer(_ martlet: RunningMartlet) throws -> String {
        let client = try martlet.connect(to: "tcp")
        defer { client.close() }
        try client.send("end\n")
        return String(decoding: try client.receiveUntilEnd(), as: UTF8.self)
    }

    /// Plaintext, TLS from here to a second proxy, and plaintext again, with both ends slow in turn.
    @Test func muchPassesThroughTLSOnBothSides() throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let server = try ScriptedServer(receiveBuffer: 65_536, limit: .seconds(60)) { socket, _ in
            let all = try socket.receiveUntilEnd()
            try socket.send(all)
        }
        let tls = ["upstream: app", "tls: {certificates: [{certificate: \(leaf.chain), key: \(leaf.key)}]}"]
        try withMartlet(TCPConfigs.proxy(to: [server.address], listener: tls)) { second throws in
            let address = "127.0.0.1:\(try second.port(of: "tcp"))"
            let upstream = ["tls: {ca: \(certificates.authority)}"]
            try withMartlet(TCPConfigs.proxy(to: [address], upstream: upstream)) { first throws in
                try Self.passes(64 << 20, first)
                try first.waitForMetric("martlet_tunnels_active", 0)
                try second.waitForMetric("martlet_tunnels_active", 0)
            }
        }
    }

    /// The same bytes behind a ClientHello that is passed on as it is.
    @Test func muchPassesBehindAClientHello() throws {
        let server = try ScriptedServer(receiveBuffer: 65_536, limit: .seconds(60)) { socket, _ in
            let all = try socket.receiveUntilEnd()
            try socket.send(all)
        }
        let names = "serverNames: [{host: a.test, upstream: app}]"
        try withMartlet(TCPConfigs.proxy(to: [server.address], listener: [names])) { martlet throws in
            try Self.passes(64 << 20, martlet, behind: Self.hello)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            #expect(try martlet.tunnelLines(1)[0]["server_name"] == "a.test")
        }
    }

    /// For a.test.
    private static let hello: [UInt8] =
        [22, 3, 1, 0, 62, 1, 0, 0, 58, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0, 0, 15]
        + [0, 0, 0, 11, 0, 9, 0, 0, 6] + Array("a.test".utf8)

    /// Whether so many bytes come back as they were, to a client with little room.
    private static func passes(_ count: Int, _ martlet: RunningMartlet, behind first: [UInt8] = []) throws {
        let port = try martlet.port(of: "tcp")
        let client = try TestSocket(port: port, receiveBuffer: 65_536, limit: .seconds(60))
        let block = (0..<65_537).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var bytes = first
        bytes.reserveCapacity(count + first.count)
        while bytes.count < count + first.count { bytes += block.prefix(count + first.count - bytes.count) }
        try client.send(bytes)
        client.shutdownSend()
        let back = try client.receiveUntilEnd()
        #expect(back == bytes)
        client.close()
    }

    /// What does not end by itself is cut when the time for that is over.
    @Test func aDrainCutsWhatDoesNotEnd() throws {
        let server = try ScriptedServer.linesBack("one")
        let config = TCPConfigs.proxy(to: [server.address], "timeouts: {drain: 300ms}")
        let martlet = try RunningMartlet(config)
        let client = try martlet.connect(to: "tcp")
        try client.send("a\n")
        _ = try client.receive(until: "\n")
        martlet.process.signal(SIGTERM)
        #expect(try client.receiveUntilGone().ending == .reset)
        _ = try martlet.process.wait()
        #expect(try martlet.accessLog.map { $0["error"] } == ["shutting down"])
    }
}
