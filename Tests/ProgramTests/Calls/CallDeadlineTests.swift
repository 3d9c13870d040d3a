// How long calls may take, and who is told.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CallDeadlineTests {
    private static let silent = "The call was not answered in time. Request id: "

    private static func timeout(_ value: String) -> [HTTPField] { [HTTPField("grpc-timeout", value)] }

    /// What a server was told, in milliseconds.
    private func told(_ call: ServedCall) throws -> Int {
        let value = try #require(call["grpc-timeout"])
        #expect(value.hasSuffix("m"), "\(value)")
        return try #require(Int(value.dropLast()), "\(value)")
    }

    /// At the deadline the client gets its status, and the server's stream is called off.
    @Test(arguments: [false, true]) func aDeadlineIsHonoured(isStreaming: Bool) throws {
        let server = try CallServer { call, event in
            if isStreaming && event == .begun { try call.message("first") }
        }
        try CallStage.run(server) { martlet, client throws in
            let begin = ContinuousClock.now
            client.beginCall(1, "/a/b", Self.timeout("300m"))
            client.sendMessage(1, "hello", ends: !isStreaming)
            let result = try client.callResult(on: 1)
            let elapsed = ContinuousClock.now - begin
            #expect(result.status == 4 && result.message.hasPrefix(Self.silent), "\(result)")
            #expect(result.messages == (isStreaming ? ["first"] : []))
            #expect(elapsed >= .milliseconds(290), "\(elapsed)")
            let call = try server.call()
            try call.wait(for: "RST_STREAM") { $0.resetCode == .cancel }
            let told = try told(call)
            #expect((100...300).contains(told), "\(told)")
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"deadline\"}", 1)
            try martlet.waitForCalls("DEADLINE_EXCEEDED", 1)
            // It is the client's time that was over, not the server's fault.
            let name = "martlet_server_failures_total{upstream=\"app\",server=\"\(server.address)\"}"
            #expect(try martlet.metrics[name] == 0)
        }
    }

    @Test func aDeadlineThatIsNotReachedChangesNothing() throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            for (index, (value, least, most)) in [
                ("30S", 29_000, 30_000), ("5M", 299_000, 300_000), ("1H", 3_599_000, 3_600_000),
                ("9000000u", 8_000, 9_000),
            ].enumerated() {
                #expect(try client.call(UInt32(1 + 2 * index), "/a/b", Self.timeout(value)).status == 0)
                let told = try told(try server.call(index))
                #expect((least...most).contains(told), "\(value): \(told)")
            }
            // Longer than milliseconds can say in eight digits.
            #expect(try client.call(21, "/a/b", Self.timeout("99999999S")).status == 0)
            let told = try server.call(4)["grpc-timeout"]
            #expect(told == "99999999S" || told == "99999998S")
        }
    }

    /// One that has passed on the way is not begun with.
    @Test(arguments: ["0m", "0H"]) func aDeadlineThatHasPassed(value: String) throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            #expect(try client.call(1, "/a/b", Self.timeout(value)).status == 4)
            #expect(server.calls.isEmpty)
        }
    }

    /// The time in the queue is the call's time, and the server gets what is left.
    @Test func waitingUsesUpTime() throws {
        let server = try CallServer { call, event in
            if event == .message("quick") { try call.answer("done") }
        }
        let upstream = ["breaker: {requests: 1}", "queue: {saturatedTimeout: 10s}"]
        try CallStage.run(server, upstream: upstream) { martlet, client throws in
            client.beginCall(1)
            _ = try server.call()
            client.beginCall(3, "/a/b", Self.timeout("400m"))
            client.beginCall(5, "/a/b", Self.timeout("8S"))
            client.sendMessage(5, "quick", ends: true)
            // One waits in vain …
            #expect(try client.callResult(on: 3).status == 4)
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            // … the other gets its turn with what is left.
            client.send(.reset(1, .cancel))
            #expect(try client.callResult(on: 5).messages == ["done"])
            let told = try told(try server.call(1))
            #expect((1_000...7_700).contains(told), "\(told)")
        }
    }

    /// A try that failed has used up time as well.
    @Test func aRetryHasWhatIsLeft() throws {
        let slow = try CallServer { _, _ in }
        let quick = try CallServer.joining()
        let upstream = ["balance: first", "retry: {methods: all, tryTimeout: 400ms}"]
        try CallStage.run([slow.address, quick.address], upstream: upstream) { _, client throws in
            let result = try client.call(1, "/a/b", Self.timeout("9S"))
            #expect(result.status == 0 && result.messages == ["hello"], "\(result)")
            let (first, second) = (try told(try slow.call()), try told(try quick.call()))
            #expect((7_000...9_000).contains(first) && second <= first - 390 && second > 1_000, "\(first) \(second)")
        }
    }

    /// The operator's bound holds for whoever asks for more, or for no time at all.
    @Test(arguments: [nil, "1H", "100m"]) func theLongestTime(value: String?) throws {
        let server = try CallServer { _, _ in }
        try CallStage.run(server, upstream: ["grpc: {maxTimeout: 350ms}"]) { _, client throws in
            let begin = ContinuousClock.now
            #expect(try client.call(1, "/a/b", value.map(Self.timeout) ?? []).status == 4)
            let elapsed = ContinuousClock.now - begin
            let time = try told(try server.call())
            #expect(value == "100m" ? time <= 100 : (150...350).contains(time), "\(time)")
            #expect(elapsed >= .milliseconds(value == "100m" ? 95 : 340), "\(elapsed)")
        }
    }

    /// A client that calls off at its own deadline has had a deadline, and has not gone away.
    @Test func whoLeavesAtTheDeadlineIsCounted() throws {
        let server = try CallServer { _, _ in }
        try CallStage.run(server) { martlet, client throws in
            client.beginCall(1, "/a/b", Self.timeout("200m"))
            client.sendMessage(1, "hello", ends: true)
            let call = try server.call()
            _ = Monitor(false).wait(.milliseconds(200)) { $0 ? true : nil }
            client.send(.reset(1, .cancel))
            try call.wait(for: "RST_STREAM") { $0.resetCode == .cancel }
            try martlet.waitForCalls("DEADLINE_EXCEEDED", 1)
            #expect(try martlet.calls("CANCELLED") == 0)
        }
    }

    /// Between two messages a client may be as slow as it likes, as long as one side says something now and then.
    @Test func aClientThatIsSilentIsNotSlow() throws {
        let server = try CallServer.joining()
        try CallStage.run(server, "rates: {request: 1MiB, grace: 1s}") { martlet, client throws in
            client.beginCall(1)
            for number in 1...6 {
                client.sendMessage(1, "\(number)")
                _ = Monitor(false).wait(.milliseconds(900)) { $0 ? true : nil }
            }
            client.endCall(1)
            #expect(try client.callResult(on: 1).messages == ["1+2+3+4+5+6"])
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"request_rate\"}"] == 0)
        }
    }

    /// Where there are no servers of gRPC, nobody gets round the rates by saying that it makes a call.
    @Test func othersHaveToKeepTheRate() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let config = Configs.proxy(to: server, "rates: {request: 1MiB, grace: 1s}")
        try withMartlet(config) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            client.beginCall(1)
            client.sendMessage(1, "slow")
            #expect(try client.callResult(on: 1).status == 2)
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"request_rate\"}", 1)
        }
    }

    /// Silence on both sides has its end: before the response begins, and within it.
    @Test(arguments: [false, true]) func silenceHasAnEnd(hasBegun: Bool) throws {
        let server = try CallServer { call, event in
            if hasBegun && event == .begun { try call.message("first") }
        }
        try CallStage.run(server, upstream: ["stallTimeout: 1s"]) { martlet, client throws in
            client.beginCall(1)
            let result = try client.callResult(on: 1)
            #expect(result.status == 4 && result.messages == (hasBegun ? ["first"] : []), "\(result)")
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"stall\"}", 1)
            try server.call().wait(for: "RST_STREAM") { $0.resetCode == .cancel }
        }
    }

    /// A client that goes on speaking keeps a call alive whose server has nothing to say yet.
    @Test func aSilentServerIsNotCutWhileTheClientSpeaks() throws {
        let server = try CallServer { call, event in
            if event == .begun { try call.head() }
            if event == .ended { try call.answer("\(call.messages.count)") }
        }
        try CallStage.run(server, upstream: ["stallTimeout: 3s"]) { _, client throws in
            client.beginCall(1)
            for number in 1...12 {
                client.sendMessage(1, "\(number)")
                _ = Monitor(false).wait(.milliseconds(500)) { $0 ? true : nil }
            }
            client.endCall(1)
            #expect(try client.callResult(on: 1).messages == ["12"])
        }
    }
}
