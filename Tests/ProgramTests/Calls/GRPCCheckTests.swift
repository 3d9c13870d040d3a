// check: kind grpc.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct GRPCCheckTests {
    private static let quick = "interval: 50ms, downInterval: 50ms, jitter: 0%"

    /// A server that answers checks with what `answer` has, and all else with "hello".
    private static func server(_ answer: Monitor<[CallStep]>) throws -> StepServer {
        try StepServer { call in
            call.path == "/grpc.health.v1.Health/Check" ? answer.value : CallStep.reply("hello")
        }
    }

    /// A HealthCheckResponse with this status.
    private static func serving(_ status: UInt8) -> [CallStep] {
        [.head(), .content(MessageFrames.framed([8, status])), .status(0)]
    }

    @Test func aServerThatDoesNotServeGetsNothingUntilItDoes() throws {
        let answer = Monitor(Self.serving(1))
        let server = try Self.server(answer)
        let lines = ["protocol: h2c", "check: {kind: grpc, service: shop.v1.Carts, \(Self.quick)}"]
        try withBalanced(Configs.balanced([server.address], lines)) { martlet in
            try martlet.waitForState(server.address, "up")
            let call = try server.waitForCalls(1)[0]
            #expect(call[":method"] == "POST" && call[":scheme"] == "http" && call[":authority"] == server.address)
            #expect(call["content-type"] == "application/grpc" && call["te"] == "trailers")
            #expect(call["grpc-timeout"] == "1000m" && call["user-agent"] == "martlet")
            #expect(try call.messages == [[0x0A, 13] + Array("shop.v1.Carts".utf8)])
            answer.change { $0 = Self.serving(2) }
            try martlet.waitForState(server.address, "down")
            #expect(try martlet.server(server.address).reason == "its check fails: the service is NOT_SERVING")
            try martlet.waitForLog("server is down", server.address, "NOT_SERVING", "upstream=app")
            // On a busy machine another one of those that have made it so had no answer in time.
            #expect(try martlet.serverMetric("checks_total", server.address, "result=\"failed\"") ?? 0 >= 1)
            answer.change { $0 = Self.serving(1) }
            try martlet.waitForState(server.address, "up")
            #expect(try martlet.serverMetric("checks_total", server.address, "result=\"passed\"") ?? 0 >= 1)
        }
    }

    @Test func theWholeServerIsAskedForUnlessTheConfigSaysMore() throws {
        let server = try Self.server(Monitor(Self.serving(1)))
        let check = "check: {kind: grpc, host: app.example.com, fields: {X-Probe: martlet}, timeout: 1500ms}"
        // The servers' protocol does not matter.
        try withBalanced(Configs.balanced([server.address], [check])) { _ in
            let call = try server.waitForCalls(1)[0]
            #expect(call[":authority"] == "app.example.com" && call["x-probe"] == "martlet")
            #expect(call["grpc-timeout"] == "1500m")
            #expect(call.content == [0, 0, 0, 0, 0])
        }
    }

    @Test(arguments: [
        (serving(0), "the service is UNKNOWN"), (serving(3), "the service is SERVICE_UNKNOWN"),
        ([.only([HTTPField("grpc-status", "12")])], "the call failed: UNIMPLEMENTED"),
        ([.only([HTTPField("grpc-status", "5")])], "the call failed: NOT_FOUND"),
        ([.head(type: "text/html"), .content([1, 2, 3]), .end], "the answer is not gRPC"),
        ([.head(), .content([0, 0, 0, 0, 2, 8]), .status(0)], "the answer is malformed"),
        ([.head(), .content(MessageFrames.framed([8, 1])), .end], "the answer has no grpc-status"),
        ([.reset(.internalError)], "the call was reset: INTERNAL_ERROR"),
        ([.wait(Monitor(false))], "no answer in time"),
    ])
    func theAnswerDecides(steps: [CallStep], reason: String) throws {
        let server = try Self.server(Monitor(steps))
        let check = "check: {kind: grpc, before: down, timeout: 500ms, \(Self.quick)}"
        try withBalanced(Configs.balanced([server.address], ["protocol: h2c", check])) { martlet in
            try martlet.waitForState(server.address, "down")
            try eventually("the reason") {
                try martlet.server(server.address).reason == "its check fails: \(reason)"
            }
        }
    }

    @Test func aServerOfHTTP1Fails() throws {
        let origin = try Origin { _ in response(400) }
        let check = "check: {kind: grpc, \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet in
            try martlet.waitForState(origin.address, "down")
            let reason = try martlet.server(origin.address).reason
            #expect(reason.contains("the answer is not HTTP/2") || reason.contains("closed without an answer"))
        }
    }

    /// The server with TLS is another proxy, before the one that answers.
    @Test(arguments: [("on", nil), ("off", "TLS")] as [(String, String?)])
    func checksAreMadeByTLS(http2: String, reason: String?) throws {
        let server = try Self.server(Monitor(Self.serving(1)))
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let front = SecureConfigs.proxy(to: [server.address], [leaf], upstream: ["protocol: h2c"])
            .replacing("name: tls\n", with: "name: tls\n    http2: \(http2)\n")
        let proxy = try RunningMartlet(front)
        let address = "127.0.0.1:\(try proxy.port(of: "tls"))"
        let keys = [
            "protocol: h2", "tls: {ca: \(certificates.authority)}", "check: {kind: grpc, before: down, \(Self.quick)}",
        ]
        try withBalanced(Configs.balanced([address], keys)) { martlet in
            try martlet.waitForState(address, reason == nil ? "up" : "down")
            if let reason {
                try eventually("the reason") { try martlet.server(address).reason.contains(reason) }
            } else {
                #expect(try server.waitForCalls(1)[0].path == "/grpc.health.v1.Health/Check")
            }
        }
        try proxy.stop()
    }
}
