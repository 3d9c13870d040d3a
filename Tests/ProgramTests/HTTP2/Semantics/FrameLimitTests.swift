// Limits of requests: each stream has its own answer, and the connection goes on.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FrameLimitTests {
    @Test(arguments: [true, false]) func contentBeyondTheLimitIsRefused(isAnnounced: Bool) throws {
        let stage = try FrameStage { response(200, $0.text) }
        try withMartlet(stage.config("limits: {requestBody: 1000}")) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let content = String(repeating: "a", count: 2_000)
            let length = isAnnounced ? [HTTPField("content-length", "2000")] : []
            let answer = try client.post(1, "/", content, length)
            #expect(answer.status == 413 && answer.isEnded)
            try client.synchronize()
            #expect(client.exchanges[1]?.resetCode ?? .noError == .noError)
            #expect(try client.post(3, "/", "small").text == "small")
            try martlet.waitForMetric("martlet_errors_total{status=\"413\"}", 1)
        }
    }

    @Test func aServerThatIsTooSlowIsAnsweredFor() throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            if request.target == "/good" { return try socket.send(response(200, "good")) }
            _ = try socket.receiveUntilGone()
        }
        let stage = try FrameStage()
        let config = stage.config(to: [server.address], upstream: ["responseTimeout: 200ms"])
        try withMartlet(config) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            client.send(.headers(1, client.server.block("GET", "/slow")))
            #expect(try client.get(3, "/good").text == "good")
            #expect(try client.response(on: 1).status == 504)
            #expect(try client.get(5, "/good").text == "good")
        }
    }

    @Test func anExchangeMayNotTakeForEver() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            _ = try socket.receiveUntilGone()
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address], "timeouts: {exchange: 300ms}")) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let answer = try client.get(1)
            #expect(answer.text == "half" && !answer.isEnded && answer.resetCode != nil)
            #expect(server.waitForScripts())
            try client.synchronize()
            #expect(!client.isGone)
        }
    }

    /// After so many requests the client is told to come again (RFC 9113 section 6.8), and nothing is lost.
    @Test func aConnectionServesOnlySoManyRequests() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config("limits: {requestsPerConnection: 3}")) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            for stream: UInt32 in [1, 3, 5] { #expect(try client.get(stream).status == 200) }
            try client.expect(.closed)
            let last = try #require(client.goAways.last)
            #expect(last.code == .noError && last.lastStream == 5)
        }
    }

    /// What fails before a server was asked is asked of another one, as in HTTP/1.
    @Test func anotherServerIsTried() throws {
        let stage = try FrameStage { response(200, $0.text) }
        let config = stage.config(to: ["127.0.0.1:1", stage.origin.address])
        try withMartlet(config) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            for index in 0..<10 {
                #expect(try client.post(UInt32(1 + 2 * index), "/", "content").text == "content")
            }
        }
    }
}
