// Calls of all kinds pass in both directions, as they are, and end as their servers say.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CallKindTests {
    @Test func unary() throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { martlet, client throws in
            for stream: UInt32 in [1, 3, 5] {
                let result = try client.call(stream, "/test.Echo/Unary", message: "hello \(stream)")
                #expect(result.status == 0 && result.messages == ["hello \(stream)"], "\(result)")
                #expect(result.response.status == 200 && result.response["content-type"] == "application/grpc")
                #expect(result.response["content-length"] == nil)
            }
            #expect(server.calls.map(\.path) == ["/test.Echo/Unary", "/test.Echo/Unary", "/test.Echo/Unary"])
            try martlet.waitForCalls("OK", 3)
        }
    }

    /// What a server of gRPC wants to see, and metadata, also what is binary (base64 as the client has it).
    @Test func theHeadThatServersGet() throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            let more = [
                HTTPField("grpc-encoding", "gzip"), HTTPField("grpc-accept-encoding", "gzip,identity"),
                HTTPField("user-agent", "grpc-test/1"), HTTPField("x-trace-bin", "AAEC/w"),
                HTTPField("x-trace-bin", "Aw"),
            ]
            #expect(try client.call(1, "/test.Echo/Unary", more).status == 0)
            let call = try server.call()
            #expect(call["te"] == "trailers" && call["content-type"] == "application/grpc+proto")
            #expect(call[":method"] == "POST" && call[":authority"] == client.server.authority)
            #expect(call["grpc-encoding"] == "gzip" && call["user-agent"] == "grpc-test/1")
            #expect(call.fields.filter { $0.name == "x-trace-bin" }.map(\.value) == ["AAEC/w", "Aw"])
            #expect(call["grpc-timeout"] == nil && call["connection"] == nil && call["transfer-encoding"] == nil)
        }
    }

    /// `te` is for one hop: a server gets ours, also when the client has not said it.
    @Test func everyServerIsToldOfTrailers() throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            let fields = [HTTPField("content-type", "application/grpc")]
            client.send(.open(1, client.server.block("POST", "/a/b", fields)), .data(1, "\0\0\0\0\0"))
            #expect(try client.callResult(on: 1).status == 0)
            #expect(try server.call()["te"] == "trailers")
        }
    }

    @Test func serverStreaming() throws {
        let server = try CallServer { call, event in
            if event == .ended { try call.message("one") }
        }
        try CallStage.run(server) { _, client throws in
            client.beginCall(1)
            client.sendMessage(1, "go", ends: true)
            let call = try server.call()
            #expect(try client.messages(1, on: 1) == ["one"])
            // Each is passed on when it comes, not with the next.
            for number in 2...20 {
                try call.message("\(number)")
                #expect(try client.messages(number, on: 1).last == "\(number)")
            }
            try call.end()
            let result = try client.callResult(on: 1)
            #expect(result.status == 0 && result.messages.count == 20)
        }
    }

    @Test func clientStreaming() throws {
        let server = try CallServer.joining()
        try CallStage.run(server) { _, client throws in
            client.beginCall(1)
            let call = try server.call()
            for number in 1...20 {
                client.sendMessage(1, "\(number)")
                try call.wait(for: "message \(number)") { CallMessage.read($0.content).messages.count == number }
            }
            client.endCall(1)
            let result = try client.callResult(on: 1)
            #expect(result.messages == [(1...20).map { "\($0)" }.joined(separator: "+")])
        }
    }

    /// Both speak in turns, and the server begins: nobody waits for the other's end.
    @Test func bidirectionalStreaming() throws {
        let server = try CallServer { call, event in
            switch event {
            case .begun: try call.message("welcome")
            case .message(let text): try call.message("you said \(text)")
            case .ended: try call.end(0, [HTTPField("x-last", "bye")])
            case .reset: return
            }
        }
        try CallStage.run(server) { _, client throws in
            client.beginCall(1)
            #expect(try client.messages(1, on: 1) == ["welcome"])
            for number in 1...20 {
                client.sendMessage(1, "\(number)")
                #expect(try client.messages(number + 1, on: 1).last == "you said \(number)")
            }
            client.endCall(1)
            let result = try client.callResult(on: 1)
            #expect(result.status == 0 && result["x-last"] == "bye" && result.messages.count == 21)
        }
    }

    /// A server that says no at once says it in a head alone, whose end is the stream's: clients tell it by that.
    @Test func aStatusAlone() throws {
        let details = HTTPField("grpc-status-details-bin", "CAUSAm5v")
        let server = try CallServer.refusing(5, [HTTPField("grpc-message", "no %22such%22 thing"), details])
        try CallStage.run(server) { martlet, client throws in
            let result = try client.call(1)
            #expect(result.isHeadAlone && result.status == 5 && result.message == "no %22such%22 thing", "\(result)")
            #expect(result["grpc-status-details-bin"] == "CAUSAm5v" && result.response["content-length"] == nil)
            #expect(result.response.status == 200)
            try martlet.waitForCalls("NOT_FOUND", 1)
        }
    }

    /// A response may end before its request does; the client need not send the rest.
    @Test func anEarlyEnd() throws {
        let server = try CallServer { call, event in
            guard case .message(let text) = event, text == "stop" else { return }
            try call.message("enough")
            try call.end(8, [HTTPField("grpc-message", "stopped")])
            try call.send(.reset(call.stream, .noError))
        }
        try CallStage.run(server) { martlet, client throws in
            for stream: UInt32 in [1, 3, 5, 7] {
                client.beginCall(stream)
                client.sendMessage(stream, "stop")
                let result = try client.callResult(on: stream)
                #expect(result.status == 8 && result.messages == ["enough"] && result.message == "stopped", "\(result)")
                client.sendMessage(stream, "too late")
                if stream != 5 { client.endCall(stream) }
            }
            #expect(try client.call(9, message: "stop").status == 8)
            try martlet.waitForMetric("martlet_exchanges_active", 1)
            #expect(server.server.connectionCount == 1)
        }
    }

    /// Whoever calls off is believed, and the server learns of it.
    @Test(arguments: [false, true]) func aClientCallsOff(hasBegun: Bool) throws {
        let server = try CallServer { call, event in
            if hasBegun && event == .begun { try call.message("first") }
        }
        try CallStage.run(server) { martlet, client throws in
            client.beginCall(1)
            client.sendMessage(1, "hello")
            let call = try server.call()
            if hasBegun { #expect(try client.messages(1, on: 1) == ["first"]) }
            client.send(.reset(1, .cancel))
            try call.wait(for: "RST_STREAM") { $0.resetCode == .cancel }
            try martlet.waitForCalls("CANCELLED", 1)
            try martlet.waitForMetric("martlet_exchanges_active", 1)
            client.beginCall(3)
            client.send(.reset(3, .cancel))
        }
    }

    /// A length does not keep trailers from coming.
    @Test func aResponseWithALength() throws {
        let server = try CallServer { call, event in
            if event != .ended { return }
            try call.head([HTTPField("content-length", "7")])
            try call.message("ab")
            try call.end(0, [HTTPField("x-more", "1")])
        }
        try CallStage.run(server) { _, client throws in
            let result = try client.call(1)
            #expect(result.status == 0 && result.messages == ["ab"] && result["x-more"] == "1", "\(result)")
        }
    }

    /// An interim response, empty frames, and a message in pieces of one byte.
    @Test func oddButAllowed() throws {
        let server = try CallServer { call, event in
            if event != .ended { return }
            try call.send(
                .open(call.stream, HPACKWriter.block([HTTPField(":status", "103"), HTTPField("link", "</a>")])))
            try call.head()
            for byte in CallMessage.bytes("pieces") {
                try call.send(WireFrame(.data, [], call.stream, [byte]), WireFrame(.data, [], call.stream))
            }
            try call.end()
        }
        try CallStage.run(server) { _, client throws in
            let result = try client.call(1)
            #expect(result.status == 0 && result.messages == ["pieces"] && result.response.interims.count == 1)
        }
    }

    /// What is in the way of a call and is no server of gRPC is not made to look like one.
    @Test func answersThatAreNotOfGRPC() throws {
        let origin = try Origin { _ in response(503, "<h1>busy</h1>", ["Content-Type: text/html", "X-Who: box"]) }
        try withMartlet(Configs.proxy(to: [origin.address])) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            let result = try client.call(1)
            #expect(result.response.status == 503 && result.response["x-who"] == "box" && result.status == -1)
            #expect(result.response.text == "<h1>busy</h1>")
            try martlet.waitForCalls("UNAVAILABLE", 1)
        }
    }

    /// Requests that only look a little like calls have error pages.
    @Test(arguments: ["application/grpc-web+proto", "application/json", "application/grpcx"])
    func othersAreNoCalls(type: String) throws {
        let reserved = try ReservedPort()
        let config = Configs.proxy(to: ["127.0.0.1:\(reserved.port)"], upstream: ["queue: {noServerTimeout: 0s}"])
        try withMartlet(config) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            let answer = try client.post(1, "/", "x", [HTTPField("content-type", type)])
            #expect(
                answer.status == 502 && answer["grpc-status"] == nil
                    && answer["content-type"] == "text/plain; charset=utf-8")
            client.send(.headers(3, client.server.block("GET", "/", [HTTPField("content-type", "application/grpc")])))
            #expect(try client.response(on: 3).status == 502)
        }
    }
}
