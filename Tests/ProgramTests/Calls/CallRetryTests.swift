// Which calls are sent again, and what servers' statuses say of them.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CallRetryTests {
    /// A status that the operator names is a reason to ask another server.
    @Test func aListedStatusIsTriedAgain() throws {
        let (full, good) = (try CallServer.refusing(14), try CallServer.joining())
        let upstream = ["balance: first", "retry: {grpcStatuses: [unavailable, resource-exhausted]}"]
        try CallStage.run([full.address, good.address], upstream: upstream) { martlet, client throws in
            for stream: UInt32 in [1, 3] {
                let result = try client.call(stream, message: "call \(stream)")
                #expect(result.status == 0 && result.messages == ["call \(stream)"], "\(result)")
            }
            #expect(good.calls.count == 2 && good.calls.allSatisfy { $0["te"] == "trailers" })
            #expect(try martlet.metrics["martlet_retries_total"] == Double(full.calls.count))
            try martlet.waitForCalls("OK", 2)
            #expect(try martlet.calls("UNAVAILABLE") == 0)
        }
    }

    /// By default no status is, as the server may have begun to carry the call out.
    @Test(arguments: ["{}", "{grpcStatuses: [aborted]}", "off"]) func othersStand(retry: String) throws {
        let (full, good) = (try CallServer.refusing(14), try CallServer.joining())
        let upstream = ["balance: first", "retry: \(retry)"]
        try CallStage.run([full.address, good.address], upstream: upstream) { martlet, client throws in
            let result = try client.call(1)
            #expect(result.isHeadAlone && result.status == 14 && good.calls.isEmpty, "\(result)")
            try martlet.waitForCalls("UNAVAILABLE", 1)
        }
    }

    /// What is no answer of gRPC counts as what clients take it for.
    @Test(arguments: [("503", "unavailable", true), ("503", "internal", false), ("400", "internal", true)])
    func anAnswerOfHTTPIsTriedAgain(status: String, listed: String, isTriedAgain: Bool) throws {
        let box = try CallServer { call, event in
            if event != .ended { return }
            let head = [HTTPField(":status", status), HTTPField("content-type", "text/html")]
            try call.send(.open(call.stream, HPACKWriter.block(head)), .data(call.stream, "<h1>no</h1>"))
        }
        let good = try CallServer.joining()
        let upstream = ["balance: first", "retry: {grpcStatuses: [\(listed)]}"]
        try CallStage.run([box.address, good.address], upstream: upstream) { _, client throws in
            let result = try client.call(1)
            #expect(result.status == (isTriedAgain ? 0 : -1) && good.calls.count == (isTriedAgain ? 1 : 0), "\(result)")
            #expect(result.response.status == (isTriedAgain ? 200 : Int(status)))
        }
    }

    /// The last answer stands, whatever it is.
    @Test func triesHaveAnEnd() throws {
        let servers = try (0..<3).map { try CallServer.refusing(14, [HTTPField("grpc-message", "server \($0)")]) }
        let upstream = ["balance: first", "retry: {grpcStatuses: [unavailable], attempts: 2}"]
        try CallStage.run(servers.map(\.address), upstream: upstream) { martlet, client throws in
            let result = try client.call(1)
            #expect(result.isHeadAlone && result.status == 14 && result.message == "server 1", "\(result)")
            #expect(servers.map(\.calls.count) == [1, 1, 0])
        }
    }

    /// What has come of messages is sent to the next server, and what comes later follows.
    @Test func aStreamingCallIsTriedAgain() throws {
        let full = try CallServer { call, event in
            if event == .message("two") { try call.end(14) }
        }
        let good = try CallServer.joining()
        let upstream = ["balance: first", "retry: {grpcStatuses: [unavailable]}"]
        try CallStage.run([full.address, good.address], upstream: upstream) { _, client throws in
            client.beginCall(1)
            client.sendMessage(1, "one")
            client.sendMessage(1, "two")
            let call = try good.call()
            try call.wait(for: "two messages") { CallMessage.read($0.content).messages == ["one", "two"] }
            client.sendMessage(1, "three", ends: true)
            #expect(try client.callResult(on: 1).messages == ["one+two+three"])
        }
    }

    /// A call whose response has begun is not sent again.
    @Test func whatHasBegunIsNotTriedAgain() throws {
        let failing = try CallServer { call, event in
            if event != .ended { return }
            try call.head()
            try call.end(14)
        }
        let good = try CallServer.joining()
        let upstream = ["balance: first", "retry: {grpcStatuses: [unavailable]}"]
        try CallStage.run([failing.address, good.address], upstream: upstream) { _, client throws in
            #expect(try client.call(1).status == 14)
            #expect(good.calls.isEmpty)
        }
    }

    /// A server that says that it has not begun is taken at its word, without a setting.
    @Test(arguments: [false, true]) func whatAServerHasLeftAloneIsTriedAgain(goesAway: Bool) throws {
        let leaving = try CallServer { call, event in
            if event != .ended { return }
            try goesAway
                ? call.send(.goAway(last: 0, .noError)) : call.send(.reset(call.stream, .refusedStream))
        }
        let good = try CallServer.joining()
        try CallStage.run([leaving.address, good.address], upstream: ["balance: first"]) { martlet, client throws in
            let result = try client.call(1)
            #expect(result.status == 0 && result.messages == ["hello"], "\(result)")
            #expect(leaving.calls.count == 1)
            try martlet.waitForMetric("martlet_upstream_http2_streams_refused_total", 1)
        }
    }

    /// An ordinary POST as well (RFC 9113 section 8.7).
    @Test func aRequestThatWasLeftAloneIsTriedAgain() throws {
        let leaving = try CallServer { call, event in
            if event == .ended { try call.send(.reset(call.stream, .refusedStream)) }
        }
        let good = try CallServer.joining()
        let config = Configs.proxy(to: [leaving.address, good.address], upstream: ["protocol: h2c", "balance: first"])
        try withMartlet(config) { martlet throws in
            let answer = try martlet.request("POST /", content: "content")
            #expect(answer.status == 200)
            #expect(good.calls.count == 1 && leaving.calls.count == 1)
            #expect(good.calls.first?.received.content == Array("content".utf8))
        }
    }

    /// A connection that cannot be made has told no server anything.
    @Test func aServerThatIsNotThereIsPassedOver() throws {
        let good = try CallServer.joining()
        let gone = "127.0.0.1:\(try ReservedPort().port)"
        try CallStage.run([gone, good.address], upstream: ["balance: first"]) { _, client throws in
            #expect(try client.call(1).status == 0)
        }
    }

    /// A call that was lost is not sent again: a listed status says nothing of that.
    @Test func aLostCallIsNotTriedAgain() throws {
        let breaking = try CallServer { call, event in if event == .ended { try call.breakOff() } }
        let good = try CallServer.joining()
        let upstream = ["balance: first", "retry: {grpcStatuses: [unavailable]}"]
        try CallStage.run([breaking.address, good.address], upstream: upstream) { _, client throws in
            #expect(try client.call(1).status == 14)
            #expect(good.calls.isEmpty)
        }
    }

    /// A server that leaves right behind its answer, all in one packet, has answered.
    @Test func aServerThatLeavesBehindItsAnswer() throws {
        let head = [HTTPField(":status", "200"), HTTPField("content-type", "application/grpc")]
        let server = try CallServer { call, event in
            if event != .ended { return }
            try call.leave(
                behind: .open(call.stream, HPACKWriter.block(head)),
                WireFrame(.data, [], call.stream, CallMessage.bytes(String(repeating: "a", count: 10_000))),
                .headers(call.stream, HPACKWriter.block([HTTPField("grpc-status", "0")])))
        }
        try CallStage.run(server) { martlet, client throws in
            client.opensWindows = true
            for number in 0..<20 {
                let result = try client.call(UInt32(1 + 2 * number))
                #expect(result.status == 0 && result.messages.first?.count == 10_000, "\(result)")
            }
            #expect(server.calls.count == 20)
            #expect(try martlet.metrics["martlet_responses_truncated_total"] == 0)
        }
    }

    /// One that fails behind some messages has said them.
    @Test func messagesBeforeAFailureArrive() throws {
        let server = try CallServer { call, event in
            if event != .ended { return }
            try call.head()
            try call.send(
                WireFrame(.data, [], call.stream, CallMessage.bytes("one") + CallMessage.bytes("two")),
                .reset(call.stream, .internalError))
        }
        try CallStage.run(server) { _, client throws in
            for number in 0..<10 {
                let result = try client.call(UInt32(1 + 2 * number))
                #expect(result.status == 14 && result.messages == ["one", "two"], "\(result)")
            }
        }
    }

    // MARK: What it says of servers

    /// A server whose calls all end with a status, at once or behind a message.
    private static func failing(_ status: Int, _ isBehindMessages: Bool) throws -> CallServer {
        try CallServer { call, event in
            if event != .ended { return }
            if isBehindMessages { try call.message("part") }
            try call.end(status)
        }
    }

    /// A server whose calls fail is left alone, wherever the status stands.
    @Test(arguments: [(14, false), (14, true), (13, true), (2, false), (15, false)])
    func aServerThatFailsCallsIsEjected(status: Int, isBehindMessages: Bool) throws {
        let ill = try Self.failing(status, isBehindMessages)
        let good = try CallServer.joining()
        let upstream = [
            "balance: round-robin", "retry: off",
            "ejection: {serverErrors: 3, connectionFailures: off, failureRate: off, time: 1h, longestTime: 1h}",
        ]
        try CallStage.run([ill.address, good.address], upstream: upstream) { martlet, client throws in
            for number in 0..<6 { _ = try client.call(UInt32(1 + 2 * number)) }
            try martlet.waitForState(ill.address, "ejected")
            for number in 6..<12 { #expect(try client.call(UInt32(1 + 2 * number)).status == 0) }
            #expect(ill.calls.count == 3)
        }
    }

    /// What clients bring about is not held against servers.
    @Test(arguments: [1, 3, 4, 5, 7, 8, 9, 10, 11, 12, 16], [false, true])
    func otherStatusesSayNothing(status: Int, isBehindMessages: Bool) throws {
        let server = try Self.failing(status, isBehindMessages)
        let good = try CallServer.joining()
        let upstream = [
            "balance: round-robin", "retry: off",
            "ejection: {serverErrors: 1, failureRate: off, time: 1h, longestTime: 1h}",
        ]
        try CallStage.run([server.address, good.address], upstream: upstream) { martlet, client throws in
            for number in 0..<6 { _ = try client.call(UInt32(1 + 2 * number)) }
            #expect(server.calls.count == 3)
            #expect(try martlet.server(server.address).state == "up")
            #expect(try martlet.server(server.address).number("failures") == 0)
        }
    }
}
