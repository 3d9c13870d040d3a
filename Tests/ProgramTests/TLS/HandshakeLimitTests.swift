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
        let hello = try RecordRelay.hello()
        try withMartlet(try Self.config(certificates, origin, "timeouts: {handshake: 1s}")) { martlet throws in
            let base = try martlet.peakMemory()
            // Nothing, the beginning of a record, the beginning of a ClientHello, or all of it, without the rest.
            let starts = [[], [0x16, 3, 1], Array(hello.prefix(60)), hello]
            var stalled: [TestSocket] = []
            for index in 0..<400 {
                let socket = try martlet.connect(to: "tls")
                try socket.send(starts[index % starts.count])
                stalled.append(socket)
            }
            #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
            for socket in stalled { _ = try socket.receiveUntilGone() }
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"handshake\"}", 400)
            try martlet.waitForMetric("martlet_tls_handshakes_active", 0)
            // KiB. Each holds what a handshake needs, and no more.
            let growth = try martlet.peakMemory() - base
            #expect(growth < 48 << 10, "\(growth)")
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
