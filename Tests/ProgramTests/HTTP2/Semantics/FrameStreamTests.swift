// Many exchanges on one connection: they do not wait for each other, and one that fails disturbs no other.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FrameStreamTests {
    @Test(arguments: [false, true]) func manyStreamsAtOnce(isSecure: Bool) throws {
        let stage = try FrameStage { response(200, $0.target + $0.text) }
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames(isSecure))
            let streams = (0..<100).map { UInt32(1 + 2 * $0) }
            client.send(
                streams.flatMap { stream in
                    [.open(stream, client.server.block("POST", "/\(stream)")), .data(stream, "-\(stream)")]
                })
            for stream in streams { #expect(try client.response(on: stream).text == "/\(stream)-\(stream)") }
            #expect(stage.origin.requests.count == 100)
            try martlet.waitForMetric("martlet_responses_total{class=\"2xx\"}", 100)
        }
    }

    /// The first waits for its server, the others do not wait for the first.
    @Test func answersComeWhenTheyAreThere() throws {
        let isOpen = Monitor(false)
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target == "/slow" { _ = isOpen.wait { $0 ? true : nil } }
                try socket.send(response(200, request.target))
            }
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            client.send(.headers(1, client.server.block("GET", "/slow")))
            for stream: UInt32 in [3, 5, 7] { #expect(try client.get(stream, "/\(stream)").text == "/\(stream)") }
            #expect(client.exchanges[1] == nil)
            isOpen.change { $0 = true }
            #expect(try client.response(on: 1).text == "/slow")
        }
    }

    /// Heads that are none, from the server: each is an error page, and the connection goes on.
    @Test func whatAServerBreaksIsAnErrorPage() throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            let index = Int(request.target.dropFirst()) ?? 0
            try socket.send(MisbehavingServerTests.heads[index])
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            for index in MisbehavingServerTests.heads.indices {
                let answer = try client.get(UInt32(1 + 2 * index), "/\(index)")
                let sent = "\(MisbehavingServerTests.heads[index].prefix(80).debugDescription)"
                #expect(answer.status == 502 && answer.isEnded, "\(sent)")
                #expect(!answer.text.contains("evil"), "\(sent)")
            }
        }
    }

    /// Content that a server breaks off ends in a reset: the client must not take it for the whole.
    @Test(arguments: [
        "Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nX: y\r\n",
    ])
    func brokenContentResetsTheStream(rest: String) throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            try socket.send(request.target == "/good" ? response(200, "good") : "HTTP/1.1 200 OK\r\n" + rest)
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let answer = try client.get(1, "/broken")
            #expect(!answer.isEnded || answer.status == 502)
            #expect(answer.isEnded || answer.resetCode == .internalError || answer.resetCode == .cancel)
            #expect(try client.get(3, "/good").text == "good")
        }
    }

    @Test func aStreamThatTheClientResetsFreesTheServer() throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            if request.target == "/good" { return try socket.send(response(200, "good")) }
            // Ends when the proxy has closed the connection: there is nobody to answer any more.
            _ = try socket.receiveUntilGone()
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            client.send(.headers(1, client.server.block("GET", "/gone")))
            #expect(server.waitForConnections(1))
            client.send(.reset(1))
            #expect(server.waitForScripts())
            #expect(try client.get(3, "/good").text == "good")
            #expect(client.exchanges[1] == nil)
            let line = try martlet.accessLogLine(target: "/gone")
            #expect(line["status"] == "499" && line["side"] == "client")
            try martlet.waitForMetric("martlet_clients_gone_total", 1)
        }
    }

    @Test func answersOfOurOwn() throws {
        let stage = try FrameStage()
        let config = stage.config(to: ["127.0.0.1:1"], upstream: ["queue: {noServerTimeout: 0s}"])
        try withMartlet(config) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let answer = try client.get(1, "/down", [HTTPField("accept", "application/json")])
            #expect(answer.status == 502 && answer.isEnded && answer["content-type"] == "application/json")
            #expect(answer["content-length"] == "\(answer.content.count)" && answer["date"]?.hasSuffix(" GMT") == true)
            #expect(answer["connection"] == nil)
            client.send(.headers(3, client.server.block("HEAD")))
            #expect(try client.response(on: 3).sizes == [])
            let line = try martlet.accessLogLine(target: "/down")
            #expect(line["status"] == "502" && line["protocol"] == "HTTP/2.0" && line["side"] == "server")
        }
    }

    @Test func theLogSaysWhatItWas() throws {
        let stage = try FrameStage { _ in response(201, "made") }
        try withMartlet(stage.config()) { martlet in
            for isSecure in [false, true] {
                let client = try FrameClient.ready(try martlet.frames(isSecure))
                let agent = HTTPField("user-agent", "frames")
                #expect(try client.post(1, "/\(isSecure)", "12345", [agent]).status == 201)
                let line = try martlet.accessLogLine(target: "/\(isSecure)")
                #expect(line["protocol"] == "HTTP/2.0" && line["method"] == "POST" && line["status"] == "201")
                #expect(line["host"] == client.server.authority && line["user_agent"] == "frames")
                #expect(line["client"] == "127.0.0.1" && line["server"] == stage.origin.address)
                #expect((line["tls"] != nil) == isSecure)
            }
        }
    }
}
