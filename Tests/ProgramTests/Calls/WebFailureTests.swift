// grpcWeb: what clients are told when a call fails.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebFailureTests {
    private static let hi = MessageFrames.framed("hi")

    /// A failure that Martlet tells of is a status in the head of an answer like any other.
    private func expectStatus(_ answer: WebAnswer, _ status: String, _ form: WebForm) {
        #expect(answer.status == 200 && answer["grpc-status"] == status, "\(answer)")
        #expect(answer["content-type"] == form.type)
        #expect(answer.content.isEmpty && answer.trailers.isEmpty)
        #expect(answer["grpc-message"]?.isEmpty == false)
    }

    @Test(arguments: WebForm.all) func noServerIsAStatus(form: WebForm) throws {
        let server = try ScriptedServer { _, _ in }
        server.stop()
        let queue = ["queue: {noServerTimeout: 100ms}"]
        try withMartlet(Configs.web(to: [server.address], upstream: queue)) { martlet in
            let answer = try martlet.callWeb(form, Self.hi, fields: [HTTPField("origin", "https://app.test")])
            expectStatus(answer, "14", form)
            #expect(answer["access-control-expose-headers"]?.contains("grpc-status") == true)
            #expect(try martlet.metrics["martlet_unanswered_total"] == 0)
        }
    }

    @Test(arguments: WebForm.all) func aDeadlineHolds(form: WebForm) throws {
        let gate = Monitor(false)
        let server = try StepServer { _ in [.wait(gate)] + CallStep.reply("late") }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let answer = try martlet.callWeb(form, Self.hi, fields: [HTTPField("grpc-timeout", "200m")])
            expectStatus(answer, "4", form)
            gate.change { $0 = true }
        }
    }

    @Test(arguments: WebForm.text, ["AAAA!AAA", "AAAAAAI", "AAAAAAJoaQ=", "====", "AAAA AAA"])
    func textThatIsNoneIsRefused(form: WebForm, text: String) throws {
        let server = try StepServer()
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            // All at once, and after something that is right.
            for start in ["", "AAAA"] {
                let client = try martlet.beginWeb(form)
                if !start.isEmpty {
                    try client.send(Array(start.utf8))
                    _ = server.server.waitForConnections(1)
                }
                try client.send(Array(text.utf8), isLast: true)
                expectStatus(try client.answer(), "13", form)
            }
            try eventually("the log") { try martlet.accessLog.count == 2 }
            for line in try martlet.accessLog { #expect(line["error"] == "content is not Base64") }
            #expect(server.calls.isEmpty)
            // The proxy is well.
            #expect(try martlet.callWeb(form, Self.hi).frames().count == 2)
        }
    }

    /// A response that breaks off between two messages ends with a status; within one, nobody may take it for whole.
    @Test(arguments: WebForm.all) func aResponseThatBreaksOffIsNotWhole(form: WebForm) throws {
        let part = Monitor(MessageFrames.framed("one"))
        let gate = Monitor(false)
        let server = try StepServer { _ in [.head(), .content(part.value), .wait(gate), .reset(.internalError)] }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            for isWhole in [true, false] {
                gate.change { $0 = false }
                if !isWhole { part.change { $0 = Array($0.dropLast()) } }
                let client = try martlet.beginWeb(form)
                try client.send(form.encode(Self.hi), isLast: true)
                if case .http2(let frames) = client { try frames.takeIn(until: "a piece") { frames.count(on: 1) > 0 } }
                _ = try server.waitForCalls(isWhole ? 1 : 2)
                gate.change { $0 = true }
                if isWhole {
                    let frames = try client.answer().frames()
                    #expect(frames.count == 2 && frames[0] == .message("one"))
                    #expect(frames.last?.flags == 0x80 && frames.last?.text.hasPrefix("grpc-status: 14\r\n") == true)
                } else {
                    #expect(throws: TestFailure.self) { try client.answer() }
                }
            }
        }
    }
}
