import MartletTestSupport
import Testing

/// What one request or response may take: beyond it there is a defined answer, and it is counted.
@Suite struct SizeLimitTests {
    private static func errors(_ status: Int) -> String { "martlet_errors_total{status=\"\(status)\"}" }

    /// Sends a request that is within a limit and one that is beyond it.
    private func test(_ limits: String, good: String, bad: String, status: Int) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "limits: {\(limits)}\n")) { martlet in
            let client = try martlet.connect()
            try client.send(good)
            #expect(try client.readResponse().status == 200)
            try client.send(bad)
            let answer = try client.readResponse()
            #expect(answer.status == status)
            #expect(answer["Connection"] == "close")
            #expect(try client.receiveUntilGone().bytes == [])
            #expect(origin.requests.count == 1)
            #expect(try martlet.metrics[Self.errors(status)] == 1)
            #expect(try martlet.request("GET /").status == 200)
        }
    }

    private static func head(ofSize size: Int) -> String {
        let start = "GET / HTTP/1.1\r\nHost: test\r\nX: "
        return start + String(repeating: "a", count: size - start.utf8.count - 4) + "\r\n\r\n"
    }

    @Test func requestHead() throws {
        try test("requestHead: 2KiB", good: Self.head(ofSize: 2_048), bad: Self.head(ofSize: 2_049), status: 431)
    }

    @Test func requestFields() throws {
        let fields = { (count: Int) in (1..<count).map { "X-\($0): 1" } }
        try test(
            "requestFields: 20", good: requestText("GET /", fields(20)), bad: requestText("GET /", fields(21)),
            status: 431)
    }

    @Test func uri() throws {
        let line = { (size: Int) in "GET /" + String(repeating: "a", count: size - 1) }
        try test("uri: 100B", good: requestText(line(100)), bad: requestText(line(101)), status: 414)
    }

    @Test func requestBodyByLength() throws {
        let post = { (size: Int) in requestText("POST /", content: String(repeating: "a", count: size)) }
        try test("requestBody: 1000B", good: post(1_000), bad: post(1_001), status: 413)
    }

    /// The answer comes before the content does: whoever asks first need not send it.
    @Test func requestBodyThatIsOnlyAnnounced() throws {
        let post = { (size: Int) in requestText("POST /", content: String(repeating: "a", count: size)) }
        let bad = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"
        try test("requestBody: 1000B", good: post(1_000), bad: bad, status: 413)
    }

    /// How long it is shows only at its end, when the server has a part of it.
    @Test func requestBodyInChunks() throws {
        let log = Monitor<[String]>([])
        let server = try ScriptedServer { socket, _ in
            do {
                while let head = try socket.readRequestHead() {
                    log.change { $0.append("head") }
                    if head.target == "/bad" { _ = try socket.receive(exactly: 5_000) }
                    _ = try socket.receive(until: "\r\n0\r\n\r\n")
                    try socket.send(response(200))
                }
            } catch {
                log.change { $0.append("broken off") }
            }
        }
        try withMartlet(Configs.proxy(to: server, "limits: {requestBody: 1000B}\n")) { martlet in
            let client = try martlet.connect()
            let chunk = "1f4\r\n" + String(repeating: "a", count: 500) + "\r\n"
            try client.send(requestText("POST /good", ["Transfer-Encoding: chunked"]) + chunk + chunk + "0\r\n\r\n")
            #expect(try client.readResponse().status == 200)
            try client.send(requestText("POST /bad", ["Transfer-Encoding: chunked"]) + chunk)
            #expect(log.wait { $0.count == 2 ? true : nil } == true)
            try client.send(chunk + "1\r\na\r\n0\r\n\r\n")
            #expect(try client.readResponse().status == 413)
            _ = try client.receiveUntilGone()
            #expect(log.wait { $0 == ["head", "head", "broken off"] ? true : nil } == true)
            #expect(try martlet.metrics[Self.errors(413)] == 1)
        }
    }

    @Test(arguments: [("responseHead: 2KiB", 1, 3_000), ("responseFields: 20", 21, 1)])
    func whatAServerMaySay(limit: String, fields: Int, size: Int) throws {
        let origin = try Origin { request in
            let count = request.target == "/bad" ? fields : 5
            let value = String(repeating: "a", count: request.target == "/bad" ? size : 1)
            return response(200, "", (0..<count).map { "X-\($0): \(value)" })
        }
        try withMartlet(Configs.proxy(to: origin.server, "limits: {\(limit)}\n")) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /good").status == 200)
            #expect(try client.exchange("GET /bad").status == 502)
            #expect(try client.exchange("GET /good").status == 200)
            #expect(try martlet.metrics[Self.errors(502)] == 1)
            let line = try martlet.accessLogLine(target: "/bad")
            #expect(line["side"] == "server")
        }
    }

    @Test func requestsPerConnection() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "limits: {requestsPerConnection: 3}\n")) { martlet in
            let client = try martlet.connect()
            let last = try (1...3).map { try client.exchange("GET /\($0)")["Connection"] }
            #expect(last == [nil, nil, "close"])
            #expect(try client.receiveUntilEnd() == [])
            // What was pipelined behind the last one is not served, and not answered by half.
            let hasty = try martlet.connect()
            try hasty.send((1...5).map { requestText("GET /\($0)") }.joined())
            for number in 1...3 { #expect(try hasty.readResponse().text == "/\(number)") }
            #expect(try hasty.receiveUntilGone().bytes == [])
            try martlet.waitForMetric("martlet_requests_total", 6 + 1)
        }
    }
}
