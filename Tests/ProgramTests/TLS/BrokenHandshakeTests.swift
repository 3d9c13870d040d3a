// Handshakes and records that are damaged, cut, or come slowly.
import MartletTestSupport
import Synchronization
import Testing

@Suite struct BrokenHandshakeTests {
    private let certificates: TestCertificates
    private let origin: Origin

    init() throws {
        certificates = try TestCertificates()
        origin = try Origin()
    }

    private func run(_ more: String = "", _ test: (RunningMartlet) throws -> Void) throws {
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])], more)
        try withMartlet(config) { martlet throws in
            try test(martlet)
            // Whatever has happened, nobody else has noticed, and nothing is left of it.
            #expect(try martlet.curl("app.test", "/after", authority: certificates.authority) == "/after")
            try martlet.waitForMetric("martlet_tls_handshakes_active", 0)
        }
    }

    /// What curl says over a relay.
    private func curl(
        _ port: UInt16, _ version: String
    ) throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
        try ChildProcess.run(
            "curl",
            [
                "-sS", "--http1.1", "--max-time", "8", "--connect-to", "app.test:443:127.0.0.1:\(port)", "--cacert",
                certificates.authority, "--tlsv\(version)", "--tls-max", version, "https://app.test/hello",
            ])
    }

    @Test(arguments: ["1.2", "1.3"]) func noChangedRecordPasses(version: String) throws {
        try run { martlet throws in
            let port = try martlet.port(of: "tls")
            for speaker in [RecordRelay.Speaker.client, .server] {
                for place in 0..<6 {
                    let isChanged = Atomic(false)
                    let relay = try RecordRelay(to: port) { side, number, record in
                        if side != speaker || number != place { return .pass([record]) }
                        isChanged.store(true, ordering: .relaxed)
                        var record = record
                        record[5 + (record.count - 5) / 2] ^= 0x10
                        return .pass([record])
                    }
                    let before = origin.requests.count
                    let result = try curl(relay.port, version)
                    // An end that has said goodbye already need not look at what comes after that.
                    let isGood = result.exit == .code(0) && result.output == "/hello"
                    if isGood { #expect(!isChanged.load(ordering: .relaxed) || place > 2) }
                    if !isGood && speaker == .client { #expect(origin.requests.count == before, "\(place)") }
                }
            }
            #expect(try martlet.metrics["martlet_tls_handshakes_failed_total", default: 0] >= 2)
        }
    }

    @Test(arguments: ["1.2", "1.3"]) func aHandshakeThatIsCutIsAnEnd(version: String) throws {
        try run { martlet throws in
            let port = try martlet.port(of: "tls")
            let hello = try RecordRelay.hello(["--tlsv\(version)", "--tls-max", version])
            for count in [1, 5, 6, 43, 100, hello.count - 1] {
                let socket = try martlet.connect(to: "tls")
                try socket.send(Array(hello[..<count]))
                socket.shutdownSend()
                _ = try socket.receiveUntilGone()
            }
            for place in 1..<3 {
                let relay = try RecordRelay(to: port) { side, number, record in
                    side == .client && number == place ? .end : .pass([record])
                }
                #expect(try curl(relay.port, version).exit != .code(0))
            }
            #expect(origin.requests.isEmpty)
            try eventually("failures") { try martlet.metrics["martlet_tls_handshakes_failed_total", default: 0] >= 6 }
        }
    }

    @Test(arguments: ["1.2", "1.3"]) func bytesMayComeOneByOne(version: String) throws {
        try run { martlet throws in
            let relay = try RecordRelay(to: try martlet.port(of: "tls")) { _, _, record in .pass(record.map { [$0] }) }
            let result = try curl(relay.port, version)
            #expect(result.output == "/hello", "\(result.errors)")
            #expect(try martlet.metrics["martlet_tls_handshakes_failed_total"] == 0)
        }
    }

    /// Each byte comes in time, but not all of them.
    @Test func aSlowHandshakeEnds() throws {
        try run("timeouts: {handshake: 700ms}") { martlet throws in
            let socket = try martlet.connect(to: "tls")
            try socket.send([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])
            let began = ContinuousClock.now
            var count = 0
            // The wait between two bytes ends early with the connection.
            while socket.isQuiet(for: .milliseconds(20)), (try? socket.send([7])) != nil, count < 500 { count += 1 }
            #expect(count > 0 && count < 500)
            #expect(ContinuousClock.now - began < .seconds(8))
            _ = try socket.receiveUntilGone()
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"handshake\"}", 1)
        }
    }

    @Test func renegotiationIsRefused() throws {
        try run { martlet throws in
            let client = "openssl s_client -connect 127.0.0.1:\(try martlet.port(of: "tls")) -tls1_2"
            let result = try ChildProcess.run("sh", ["-c", "echo R | \(client) 2>&1"])
            #expect(result.output.contains("RENEGOTIATING"), "\(result.output)")
            #expect(result.output.contains("no renegotiation"), "\(result.output)")
            #expect(origin.requests.isEmpty)
        }
    }
}
