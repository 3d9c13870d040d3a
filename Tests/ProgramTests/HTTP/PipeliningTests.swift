// Requests that do not wait for the answers to those before (RFC 9112 section 9.3.2).
import MartletTestSupport
import Testing

@Suite struct PipeliningTests {
    @Test func answersComeInOrder() throws {
        let origin = try Origin { response(200, $0.target + $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let chunked = requestText("POST /2", ["Transfer-Encoding: chunked"]) + "2\r\nbb\r\n0\r\n\r\n"
            try client.send(
                requestText("POST /1", content: "a") + chunked + requestText("GET /3")
                    + requestText("HEAD /4") + requestText("GET /5", ["Connection: close"]) + requestText("GET /6"))
            #expect(try client.readResponse().text == "/1a")
            #expect(try client.readResponse().text == "/2bb")
            #expect(try client.readResponse().text == "/3")
            #expect(try client.readResponse(to: "HEAD").status == 200)
            #expect(try client.readResponse().text == "/5")
            // What comes behind “close” is no request any more.
            #expect(try client.receiveUntilEnd() == [])
            #expect(origin.requests.map(\.target) == ["/1", "/2", "/3", "/4", "/5"])
        }
    }

    @Test func thousandsInOneGo() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let count = 3_000
            let text = (0..<count).map { requestText("GET /\($0)") }.joined()
            // On its own thread: the proxy stops reading while the answers wait for us.
            let sender = TestThread { try? client.send(text) }
            for number in 0..<count {
                let answer = try client.readResponse()
                try #require(answer.text == "/\(number)")
            }
            #expect(sender.join())
        }
    }

    /// Answers that the proxy makes itself come without a pause: whoever recurses for each runs out of stack.
    @Test func thousandsThatTheProxyAnswersItself() throws {
        let config = Configs.proxy(to: ["127.0.0.1:1"], "").replacing(
            "- upstream: app", with: "- {path: /a, upstream: app}")
        try withMartlet(config) { martlet in
            let client = try martlet.connect()
            let count = 5_000
            let text = String(repeating: requestText("GET /"), count: count)
            let sender = TestThread { try? client.send(text) }
            for _ in 0..<count { try #require(try client.readResponse().status == 404) }
            #expect(sender.join())
        }
    }

    @Test func aHalfCloseBehindSeveralRequestsLosesNone() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send((1...3).map { requestText("GET /\($0)") }.joined())
            client.shutdownSend()
            for number in 1...3 { #expect(try client.readResponse().text == "/\(number)") }
            #expect(try client.receiveUntilEnd() == [])
        }
    }

    @Test func anErrorInTheMiddleEndsTheConnection() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /1") + "GET /2 HTTP/1.1\r\n\r\n" + requestText("GET /3"))
            #expect(try client.readResponse().text == "/1")
            let refusal = try client.readResponse()
            #expect(refusal.status == 400 && refusal["Connection"] == "close")
            #expect(try client.receiveUntilEnd() == [])
            #expect(origin.requests.map(\.target) == ["/1"])
        }
    }

    /// A request may be read only when it is its turn: until then it waits, and so does all that follows.
    @Test func theNextRequestWaitsForItsTurn() throws {
        let mayAnswer = Monitor(false)
        let origin = try Origin { request in
            if request.target == "/1" { _ = mayAnswer.wait { $0 ? true : nil } }
            return response(200, request.target)
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /1") + requestText("GET /2"))
            _ = try origin.waitForRequests(1)
            #expect(try martlet.request("GET /other").text == "/other")
            #expect(origin.requests.map(\.target) == ["/1", "/other"])
            mayAnswer.change { $0 = true }
            #expect(try client.readResponse().text == "/1")
            #expect(try client.readResponse().text == "/2")
        }
    }
}
