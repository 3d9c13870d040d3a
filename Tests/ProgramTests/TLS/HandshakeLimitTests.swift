// Clients that begin handshakes, and do not go on with them.
import MartletTestSupport
import Testing

@Suite struct HandshakeLimitTests {
    private static func config(_ certificates: TestCertificates, _ origin: Origin, _ more: String) throws -> String {
        SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])], more)
    }

    @Test func stalledHandshakesEndAndDisturbNobody() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        try withMartlet(try Self.config(certificates, origin, "timeouts: {handshake: 1s}")) { martlet throws in
            var stalled: [TestSocket] = []
            for index in 0..<400 {
                let socket = try martlet.connect(to: "tls")
                // Nothing, the beginning of a record, or the beginning of a ClientHello.
                let starts: [[UInt8]] = [[], [0x16, 3, 1], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]]
                try socket.send(starts[index % 3])
                stalled.append(socket)
            }
            #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
            for socket in stalled { _ = try socket.receiveUntilGone() }
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"handshake\"}", 400)
            try martlet.waitForMetric("martlet_tls_handshakes_active", 0)
            #expect(try martlet.peakMemory() < 150 << 10)
        }
    }

    @Test func oneClientMayBeginOnlySoMany() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        try withMartlet(try Self.config(certificates, origin, "limits: {handshakesPerClient: 3}")) { martlet throws in
            let waiting = try (0..<3).map { _ in try martlet.connect(to: "tls") }
            try martlet.waitForMetric("martlet_tls_handshakes_active", 3)
            _ = try martlet.connect(to: "tls").receiveUntilGone()
            try martlet.waitForMetric("martlet_tls_handshakes_refused_total{reason=\"limit_per_client\"}", 1)
            for socket in waiting { socket.close() }
            try martlet.waitForMetric("martlet_tls_handshakes_active", 0)
            #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
        }
    }

    @Test func allTogetherMayBeginOnlySoMany() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        try withMartlet(try Self.config(certificates, origin, "limits: {handshakes: 2}")) { martlet throws in
            let waiting = try (0..<2).map { _ in try martlet.connect(to: "tls") }
            try martlet.waitForMetric("martlet_tls_handshakes_active", 2)
            _ = try martlet.connect(to: "tls").receiveUntilGone()
            try martlet.waitForMetric("martlet_tls_handshakes_refused_total{reason=\"limit_total\"}", 1)
            withExtendedLifetime(waiting) {}
        }
    }

    @Test func aClientMayBeginOnlySoManyASecond() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        try withMartlet(try Self.config(certificates, origin, "limits: {handshakeRatePerClient: 2}")) {
            martlet throws in
            let sockets = try (0..<20).map { _ in try martlet.connect(to: "tls") }
            try eventually("refusals") {
                try martlet.metrics["martlet_tls_handshakes_refused_total{reason=\"rate_per_client\"}", default: 0]
                    >= 10
            }
            withExtendedLifetime(sockets) {}
        }
    }
}
