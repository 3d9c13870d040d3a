// Calls over TLS, through several proxies, in great numbers, and what is seen of them.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CallPathTests {
    /// Client and proxy, and proxy and proxy, by TLS.
    @Test func byTLSOnBothSides() throws {
        let server = try CallServer { call, event in
            switch event {
            case .message("fail"): try call.end(9, [HTTPField("grpc-message", "not now")])
            case .message(let text): try call.message(text)
            case .ended: if call.messages.last != "fail" { try call.end() }
            default: return
            }
        }
        let stage = try FrameStage()
        let inner = try RunningMartlet(stage.config(to: [server.address], upstream: ["protocol: h2c"]))
        let address = "127.0.0.1:\(try inner.port(of: "tls"))"
        let upstream = ["protocol: h2", "tls: {ca: \(stage.certificates.authority)}"]
        try withMartlet(stage.config(to: [address], upstream: upstream)) { martlet throws in
            let client = try FrameClient.ready(try martlet.frames(true))
            client.beginCall(1, "/a/b", [HTTPField("grpc-timeout", "1M")])
            for number in 1...5 {
                client.sendMessage(1, "\(number)")
                #expect(try client.messages(number, on: 1).last == "\(number)")
            }
            client.endCall(1)
            #expect(try client.callResult(on: 1).status == 0)
            let result = try client.call(3, message: "fail")
            #expect(result.isHeadAlone && result.status == 9 && result.message == "not now", "\(result)")
            let call = try server.call()
            #expect(call["te"] == "trailers" && call["grpc-timeout"]?.hasSuffix("m") == true)
            try inner.waitForCalls("FAILED_PRECONDITION", 1)
        }
        try inner.stop()
    }

    /// A message that is larger than any window, and an answer that is larger than a frame.
    @Test func largeMessages() throws {
        let answer = String(repeating: "answer ", count: 9_000)
        let server = try CallServer { call, event in if event == .ended { try call.answer(answer) } }
        let text = String(repeating: "large ", count: 50_000)
        try CallStage.run(server) { _, client throws in
            client.opensWindows = true
            client.beginCall(1)
            let bytes = CallMessage.bytes(text)
            var position = 0
            while position < bytes.count {
                let sent = position
                try client.takeIn(until: "a window") {
                    min(65_535 + client.increments[0, default: 0], 65_535 + client.increments[1, default: 0]) > sent
                }
                let window = 65_535 + min(client.increments[0, default: 0], client.increments[1, default: 0])
                let end = min(bytes.count, position + 16_384, window)
                client.send(WireFrame(.data, end == bytes.count ? .endStream : [], 1, Array(bytes[position..<end])))
                position = end
            }
            let result = try client.callResult(on: 1)
            #expect(result.status == 0 && result.messages == [answer], "\(result.status)")
            #expect(try server.call().messages == [text])
        }
    }

    /// Many at a time, each with its own messages and its own end.
    @Test func manyAtATime() throws {
        let server = try CallServer { call, event in
            switch event {
            case .message(let text): try call.message(text)
            case .ended: try call.end(Int(call["x-status"] ?? "") ?? 99)
            default: return
            }
        }
        try CallStage.run(server) { martlet, client throws in
            for round in 0..<5 {
                let streams = (0..<100).map { UInt32(1 + 2 * (100 * round + $0)) }
                for stream in streams {
                    client.beginCall(stream, "/a/b", [HTTPField("x-status", "\(stream / 2 % 17)")])
                    client.sendMessage(stream, "first \(stream)")
                }
                for stream in streams { client.sendMessage(stream, "second \(stream)", ends: true) }
                for stream in streams {
                    let result = try client.callResult(on: stream)
                    #expect(result.status == Int(stream / 2 % 17), "\(result)")
                    #expect(result.messages == ["first \(stream)", "second \(stream)"])
                }
            }
            let metrics = try martlet.metrics
            let counts = metrics.filter { $0.key.hasPrefix("martlet_grpc_calls_total") }
            #expect(counts.count == 18 && counts.values.reduce(0, +) == 500)
            #expect(metrics["martlet_grpc_calls_total{status=\"OK\"}"] == 30)
            #expect(metrics["martlet_grpc_calls_total{status=\"UNAUTHENTICATED\"}"] == 29)
        }
    }

    @Test func theLogHasTheStatus() throws {
        let server = try CallServer { call, event in
            if event != .ended { return }
            switch call.path {
            case "/a/ok": try call.answer("x")
            case "/a/odd": try call.end(77)
            case "/a/none": try call.send(.headers(call.stream, HPACKWriter.block([HTTPField(":status", "200")])))
            default: try call.end(16)
            }
        }
        try CallStage.run(server) { martlet, client throws in
            for (index, path) in ["/a/ok", "/a/odd", "/a/none", "/a/alone"].enumerated() {
                _ = try client.call(UInt32(1 + 2 * index), path)
            }
            #expect(try martlet.accessLogLine(target: "/a/ok")["grpc_status"] == "OK")
            #expect(try martlet.accessLogLine(target: "/a/odd")["grpc_status"] == "UNKNOWN")
            #expect(try martlet.accessLogLine(target: "/a/none")["grpc_status"] == nil)
            #expect(try martlet.accessLogLine(target: "/a/alone")["grpc_status"] == "UNAUTHENTICATED")
            #expect(try martlet.calls("none") == 1)
        }
    }
}
