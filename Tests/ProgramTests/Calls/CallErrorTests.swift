// What a client of gRPC gets when Martlet has no answer of a server for it: a status, never a page.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CallErrorTests {
    /// A server that nobody reaches.
    private static func nobody() throws -> String { "127.0.0.1:\(try ReservedPort().port)" }

    /// Checks that an answer is one of Martlet's own for a call.
    private func check(_ result: CallResult, _ status: Int, _ words: String) {
        #expect(result.isHeadAlone && result.status == status, "\(result)")
        #expect(result.response.status == 200 && result.response["content-type"] == "application/grpc")
        #expect(result.message.hasPrefix(words), "\(result.message)")
        let id = result["x-request-id"] ?? ""
        #expect(id.count == 32 && result.message.hasSuffix(" Request id: \(id)"))
        #expect(result.response["date"] != nil && result.response["content-length"] == nil)
        #expect(result.response["connection"] == nil && result.response["retry-after"] == nil)
    }

    @Test func noServerIsUnavailable() throws {
        try CallStage.run([try Self.nobody()], upstream: ["queue: {noServerTimeout: 0s}"]) { martlet, client throws in
            for stream: UInt32 in [1, 3] { check(try client.call(stream), 14, "The service is not available") }
            try martlet.waitForCalls("UNAVAILABLE", 2)
            #expect(try martlet.metrics["martlet_errors_total{status=\"502\"}"] == 2)
            let line = try martlet.accessLogLine(target: "/test.Echo/Call")
            #expect(line["grpc_status"] == "UNAVAILABLE" && line["status"] == "200" && line["error"] != nil)
        }
    }

    @Test func noServerForAsLongAsOneWaits() throws {
        let upstream = ["queue: {noServerTimeout: 200ms}"]
        try CallStage.run([try Self.nobody()], upstream: upstream) { martlet, client throws in
            check(try client.call(1), 14, "The service is not available")
            try martlet.waitForMetric("martlet_queue_timeouts_total", 1)
        }
    }

    @Test func noRouteIsUnimplemented() throws {
        let config = """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            routes: [{path: "/known.Service/*", upstream: app}]
            upstreams: {app: {servers: ["\(try Self.nobody())"], protocol: h2c}}
            """
        try withMartlet(config) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            check(try client.call(1, "/other.Service/Method"), 12, "There is no such service")
        }
    }

    @Test func tooManyAreUnavailable() throws {
        let server = try CallServer { _, _ in }
        let upstream = ["breaker: {requests: 1}", "queue: {size: 1, saturatedTimeout: 300ms}"]
        try CallStage.run(server, upstream: upstream) { martlet, client throws in
            client.beginCall(1)
            _ = try server.call()
            client.beginCall(3)
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            // No place in the queue, and then no place at a server.
            check(try client.call(5), 14, "The service is not available")
            check(try client.callResult(on: 3), 14, "The service is not available")
            try martlet.waitForMetric("martlet_queue_overflows_total", 1)
            client.send(.reset(1, .cancel))
        }
    }

    @Test func whatIsTooLargeIsResourceExhausted() throws {
        let server = try CallServer.joining()
        try CallStage.run(server, "limits: {requestBody: 1KiB, requestHead: 4KiB}") { martlet, client throws in
            check(try client.call(1, message: String(repeating: "m", count: 2_000)), 8, "The call is too large")
            let value = String(repeating: "v", count: 5_000)
            check(try client.call(3, "/a/b", [HTTPField("x-big", value)]), 8, "The call is too large")
            try martlet.waitForCalls("RESOURCE_EXHAUSTED", 2)
        }
    }

    /// A head that cannot be understood, and a time that cannot.
    @Test(arguments: [("expect", "wonders"), ("grpc-timeout", "1 minute"), ("grpc-timeout", "123456789m")])
    func whatIsMalformedIsInternal(name: String, value: String) throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            let result = try client.call(1, "/a/b", [HTTPField(name, value)])
            if name == "expect" {
                #expect(result.isHeadAlone && result.status == 2, "\(result)")
            } else {
                check(result, 13, "The call could not be understood")
            }
            #expect(server.calls.isEmpty)
        }
    }

    @Test func aTimeThatIsSaidTwiceIsMalformed() throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            let times = [HTTPField("grpc-timeout", "1S"), HTTPField("grpc-timeout", "2S")]
            check(try client.call(1, "/a/b", times), 13, "The call could not be understood")
        }
    }

    /// A server that goes away, or resets the stream, before it has said anything.
    @Test(arguments: [false, true]) func aServerThatFailsIsUnavailable(resets: Bool) throws {
        let server = try CallServer { call, event in
            if event != .ended { return }
            if resets { try call.send(.reset(call.stream, .internalError)) } else { try call.breakOff() }
        }
        try CallStage.run(server) { martlet, client throws in
            check(try client.call(1), 14, "The service is not available")
            // It may have begun to carry the call out.
            #expect(server.calls.count == 1)
            #expect(try martlet.metrics["martlet_retries_total"] == 0)
        }
    }

    @Test func aServerThatTakesTooLongIsDeadlineExceeded() throws {
        let server = try CallServer { _, _ in }
        try CallStage.run(server, upstream: ["responseTimeout: 200ms"]) { martlet, client throws in
            check(try client.call(1), 4, "The call was not answered in time")
            try server.call().wait(for: "RST_STREAM") { $0.resetCode == .cancel }
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"response\"}", 1)
        }
    }

    /// A response that fails between two messages ends with a status, so that the client knows what it has got.
    @Test(arguments: [false, true]) func aResponseThatFailsBetweenMessages(resets: Bool) throws {
        let server = try CallServer { call, event in
            guard case .message(let text) = event else { return }
            if text == "more" { return try call.message("answer") }
            if resets { try call.send(.reset(call.stream, .internalError)) } else { try call.breakOff() }
        }
        try CallStage.run(server) { martlet, client throws in
            client.beginCall(1)
            client.sendMessage(1, "more")
            #expect(try client.messages(1, on: 1) == ["answer"])
            client.sendMessage(1, "fail")
            let result = try client.callResult(on: 1)
            #expect(result.status == 14 && result.messages == ["answer"] && result.response.isEnded, "\(result)")
            #expect(result.message.hasPrefix("The service is not available"))
            try martlet.waitForCalls("UNAVAILABLE", 1)
            #expect(try martlet.metrics["martlet_responses_truncated_total"] == 1)
        }
    }

    /// Half a message must not be taken for a whole one: the stream is reset.
    @Test func aResponseThatFailsWithinAMessage() throws {
        let bytes = CallMessage.bytes("whole") + CallMessage.bytes("broken").dropLast(2)
        let server = try CallServer { call, event in
            if event != .ended { return }
            try call.head()
            try call.send(WireFrame(.data, [], call.stream, bytes))
        }
        try CallStage.run(server) { martlet, client throws in
            client.beginCall(1)
            client.endCall(1)
            try client.takeIn(until: "both") { client.count(on: 1) == bytes.count }
            let call = try server.call()
            try call.send(.reset(call.stream, .internalError))
            let result = try client.callResult(on: 1)
            #expect(result.response.resetCode == .internalError && result.status == -1, "\(result)")
            #expect(result.messages == ["whole"])
            try martlet.waitForCalls("UNAVAILABLE", 1)
        }
    }

    /// At the end of the time for a drain, calls end with a status, in mid-response as well.
    @Test func theEndOfADrainIsUnavailable() throws {
        let server = try CallServer { call, event in
            if event == .message("stream") { try call.message("first") }
        }
        let config = Configs.proxy(to: [server.address], upstream: ["protocol: h2c"], "timeouts: {drain: 300ms}")
        let martlet = try RunningMartlet(config)
        let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
        client.beginCall(1)
        client.sendMessage(1, "stream")
        #expect(try client.messages(1, on: 1) == ["first"])
        client.beginCall(3)
        client.sendMessage(3, "silent", ends: true)
        try server.call(1).wait(for: "the request") { $0.isEnded }
        martlet.process.signal(SIGTERM)
        let streaming = try client.callResult(on: 1)
        #expect(streaming.status == 14 && streaming.messages == ["first"], "\(streaming)")
        check(try client.callResult(on: 3), 14, "The service is not available")
        #expect(try martlet.process.wait() == .code(0))
    }

    /// By HTTP/1.1, which some clients of gRPC's content type speak, statuses are plain fields or trailers of chunks.
    @Test func byHTTP1() throws {
        let server = try CallServer.joining()
        let fields = ["Content-Type: application/grpc", "TE: trailers"]
        let content = String(decoding: CallMessage.bytes("hi"), as: UTF8.self)
        try withMartlet(Configs.proxy(to: [server.address], upstream: ["protocol: h2c"])) { martlet throws in
            let answer = try martlet.request("POST /a/b", fields, content: content)
            #expect(answer.status == 200 && answer["Transfer-Encoding"] == "chunked")
            #expect(answer.text == content && answer.trailers == [HTTPField("grpc-status", "0")])
            #expect(try server.call()["te"] == "trailers")
        }
        let config = Configs.proxy(to: [try Self.nobody()], upstream: ["queue: {noServerTimeout: 0s}"])
        try withMartlet(config) { martlet throws in
            let client = try martlet.connect()
            for _ in 0..<2 {
                let answer = try client.exchange("POST /a/b", fields, content: content)
                #expect(answer.status == 200 && answer["grpc-status"] == "14" && answer["Content-Length"] == "0")
                #expect(answer["Content-Type"] == "application/grpc" && answer.text.isEmpty)
            }
        }
    }
}
