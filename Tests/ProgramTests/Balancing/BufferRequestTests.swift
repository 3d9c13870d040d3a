// Requests that are read as a whole before a server is chosen.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct BufferRequestTests {
    private func config(_ servers: [String], _ buffer: String = "{}", upstream: String = "", more: String = "")
        -> String
    {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        admin: { address: "127.0.0.1:0" }
        routes: [{ upstream: app, bufferRequest: \(buffer) }]
        upstreams: { app: { servers: [\(servers.map { "\"\($0)\"" }.joined(separator: ", "))], balance: first\(upstream) } }
        \(more)
        """
    }

    private static let chunked = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    private static let bytes = "martlet_request_buffer_bytes"

    /// A server that says how long the content was, and how it was told.
    private static func counting() throws -> Origin {
        try Origin {
            response(200, "\($0.content.count) \($0["Content-Length"] ?? "-") \($0["Transfer-Encoding"] ?? "-")")
        }
    }

    @Test func aSlowClientHoldsNoServer() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address])) { martlet in
            for head in ["POST /l HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n", Self.chunked + "\r\n"] {
                let isChunked = head.contains("chunked")
                let client = try martlet.connect()
                let before = origin.requests.count
                let connections = origin.server.connectionCount
                try client.send(head)
                for text in ["ab", "cd", "ef"] {
                    try client.send(isChunked ? "2\r\n\(text)\r\n" : text)
                    if text == "ef" && !isChunked { break }
                    #expect(client.isQuiet(for: .milliseconds(50)) && origin.requests.count == before)
                }
                #expect(isChunked ? origin.server.connectionCount == connections : true)
                if isChunked { try client.send("0\r\n\r\n") }
                #expect(try client.readResponse().text == "6 6 -")
                #expect(try origin.lastRequest.content == Array("abcdef".utf8))
                // The connection goes on.
                #expect(try client.exchange("GET /next").status == 200)
            }
            try martlet.waitForMetric(Self.bytes, 0)
            #expect(try martlet.metrics["martlet_requests_buffered_total"] == 2)
        }
    }

    /// Content that is there with the head need not be waited for; in chunks, its length is known all the same.
    @Test func contentThatIsThereGoesOnAtOnce() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address])) { martlet in
            let client = try martlet.connect()
            try client.send(Self.chunked + "\r\n3\r\nabc\r\n0\r\n\r\n")
            #expect(try client.readResponse().text == "3 3 -")
            #expect(try client.exchange("POST /l", content: "abcd").text == "4 4 -")
            #expect(try client.exchange("GET /").text == "0 - -")
        }
    }

    @Test func trailersKeepTheChunks() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address])) { martlet in
            for isSplit in [false, true] {
                let client = try martlet.connect()
                try client.send(Self.chunked + "\r\n3\r\nabc\r\n")
                if isSplit { _ = client.isQuiet(for: .milliseconds(50)) }
                try client.send("2\r\nde\r\n0\r\nX-Sum: 7\r\n")
                if isSplit { _ = client.isQuiet(for: .milliseconds(50)) }
                try client.send("\r\n")
                #expect(try client.readResponse().text == "5 - chunked")
                let request = try origin.lastRequest
                #expect(request.trailers == [HTTPField("X-Sum", "7")] && request.content == Array("abcde".utf8))
            }
        }
    }

    /// Who asks first is told to go on, and the server is not asked.
    @Test func expectationsAreMetHere() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address])) { martlet in
            let client = try martlet.connect()
            try client.send("PUT /e HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.readResponse().status == 100 && origin.requests.isEmpty)
            try client.send("abc")
            #expect(try client.readResponse().text == "3 3 -")
            #expect(try origin.lastRequest["Expect"] == nil)
        }
    }

    @Test func moreIsRefusedOrPassedOn() throws {
        let origin = try Self.counting()
        let content = String(repeating: "x", count: 60)
        for (beyond, status) in [("refuse", 413), ("stream", 200)] {
            try withMartlet(config([origin.address], "{ upTo: 100B, beyond: \(beyond) }")) { martlet in
                let byLength = try martlet.request("POST /", content: content + content)
                #expect(byLength.status == status)
                if status == 200 { #expect(byLength.text == "120 120 -") }
                let client = try martlet.connect()
                try client.send(Self.chunked + "\r\n")
                for _ in 0..<2 {
                    try client.send("3C\r\n\(content)\r\n")
                    if status == 200 { #expect(client.isQuiet(for: .milliseconds(50))) }
                }
                // The same where all that is too much comes with the head.
                let other = try martlet.connect()
                try other.send(Self.chunked + "\r\n78\r\n\(content)\(content)\r\n")
                if status == 200 { try other.send("0\r\n\r\n") }
                let both = try other.readResponse()
                #expect(
                    both.status == status && (status == 413 || both.text == "120 - chunked" || both.text == "120 120 -")
                )
                if status == 200 { try client.send("3C\r\n\(content)\r\n0\r\n\r\n") }
                let answer = try client.readResponse()
                #expect(answer.status == status)
                if status == 200 { #expect(answer.text == "180 - chunked") }
                let passed = try martlet.metrics["martlet_request_buffers_passed_total"]
                #expect(status == 200 ? passed == 1 || passed == 2 : passed == 0)
                try martlet.waitForMetric(Self.bytes, 0)
            }
        }
    }

    @Test func allTogetherHaveABound() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address], "{ upTo: 100B }", more: "limits: { bufferedRequests: 100B }")) {
            martlet in
            let content = String(repeating: "x", count: 60)
            let first = try martlet.connect()
            try first.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 61\r\n\r\n" + content)
            try martlet.waitForMetric(Self.bytes, 60)
            let second = try martlet.connect()
            try second.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 61\r\n\r\n" + content)
            let refused = try second.readResponse()
            #expect(refused.status == 503 && refused["Retry-After"] == "1")
            try first.send("y")
            #expect(try first.readResponse().text == "61 61 -")
            let third = try martlet.connect()
            try third.send("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 61\r\n\r\n" + content)
            try martlet.waitForMetric(Self.bytes, 60)
            third.reset()
            try martlet.waitForMetric(Self.bytes, 0)
            #expect(try martlet.metrics["martlet_request_buffers_refused_total"] == 1)
            #expect(origin.requests.count == 1)
        }
    }

    @Test func slowClientsAreDropped() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address], more: "rates: { request: 1MiB, grace: 100ms }")) { martlet in
            let client = try martlet.connect()
            try client.send("POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na")
            #expect(try client.readResponse().status == 408 && origin.requests.isEmpty)
            try martlet.waitForMetric(Self.bytes, 0)
        }
    }

    @Test func whoLeavesIsNotServed() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address])) { martlet in
            let client = try martlet.connect()
            try client.send("POST /t HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na")
            try martlet.waitForMetric(Self.bytes, 1)
            client.shutdownSend()
            #expect(try client.readResponse().status == 400 && origin.requests.isEmpty)
            try martlet.waitForMetric(Self.bytes, 0)
        }
    }

    /// Content that is more than `retry` keeps goes to another server all the same.
    @Test func whatIsThereCanBeSentAgain() throws {
        let first = try Origin { _ in response(503, "busy") }
        let second = try Self.counting()
        let size = 300_000
        let retry = ", retry: { bodyMemory: 1KiB }, ejection: off"
        try withMartlet(config([first.address, second.address], upstream: retry)) { martlet in
            let client = try martlet.connect()
            try client.send("PUT /r HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
            _ = client.isQuiet(for: .milliseconds(20))
            try client.send(String(repeating: "x", count: size))
            #expect(try client.readResponse().text == "\(size) \(size) -")
            #expect(try first.lastRequest.content.count == size && second.requests.count == 1)
            try martlet.waitForMetric(Self.bytes, 0)
        }
    }

    /// By HTTP/2 on the client's side, and on both.
    @Test func streamsAreReadFirstToo() throws {
        let origin = try Self.counting()
        try withMartlet(config([origin.address])) { martlet in
            let url = "http://127.0.0.1:\(try martlet.port())/h2"
            let script = "(printf ab; sleep 0.1; printf cd) | curl -sS --http2-prior-knowledge -T - \(url)"
            #expect(try ChildProcess.run("sh", ["-c", script]).output == "4 4 -")
            let large = "head -c 300000 /dev/zero | curl -sS --http2-prior-knowledge -T - \(url)"
            #expect(try ChildProcess.run("sh", ["-c", large]).output == "300000 300000 -")
            try martlet.waitForMetric(Self.bytes, 0)
            // Martlet itself as a server of HTTP/2.
            let outer = config(["127.0.0.1:\(try martlet.port())"], upstream: ", protocol: h2c")
            try withMartlet(outer) { outer in
                let client = try outer.connect()
                try client.send(Self.chunked + "\r\n")
                for _ in 0..<3 { try client.send("186A0\r\n" + String(repeating: "x", count: 100_000) + "\r\n") }
                _ = client.isQuiet(for: .milliseconds(20))
                try client.send("0\r\n\r\n")
                #expect(try client.readResponse().text == "300000 300000 -")
            }
        }
    }

    /// First it is known who the client is.
    @Test func clientsProveThemselvesFirst() throws {
        let origin = try Self.counting()
        let folder = try TestFolder()
        let digest = "1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032"
        try folder.write("backup:\(digest)\n", to: "keys")
        try folder.write("ann:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n", to: "users")
        for (auth, field) in [
            ("{apiKeys: {file: FOLDER/keys}}", "X-API-Key: letmein"),
            ("{basic: {file: FOLDER/users}}", "Authorization: Basic " + Data("ann:secret".utf8).base64EncodedString()),
        ] {
            let martlet = try RunningMartlet(config([origin.address], more: "auth: " + auth), folder: folder)
            let without = try martlet.connect()
            try without.send(Self.chunked + "\r\n1\r\na\r\n")
            #expect(try without.readResponse().status == 401)
            let client = try martlet.connect()
            try client.send(Self.chunked + field + "\r\n\r\n3\r\nabc\r\n")
            #expect(client.isQuiet(for: .milliseconds(200)))
            try client.send("2\r\nde\r\n0\r\n\r\n")
            #expect(try client.readResponse().text == "5 5 -")
            let name = auth.contains("basic") ? "X-Authenticated-User" : "X-Authenticated-Key"
            #expect(try origin.lastRequest[name] == (auth.contains("basic") ? "ann" : "backup"))
            try martlet.stop()
        }
    }

    /// A call whose client waits for the server's first message would wait for ever.
    @Test func callsAreNotReadFirst() throws {
        let server = try CallServer { call, event in
            if case .message(let text) = event { try call.message("re " + text) }
            if event == .ended { try call.end() }
        }
        let text = config([server.address], upstream: ", protocol: h2c")
        try withMartlet(text) { martlet in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            client.beginCall(1)
            client.sendMessage(1, "one")
            #expect(try client.messages(1, on: 1) == ["re one"])
            client.endCall(1)
            #expect(try client.callResult(on: 1).status == 0)
            #expect(try martlet.metrics["martlet_requests_buffered_total"] == 0)
        }
    }
}
