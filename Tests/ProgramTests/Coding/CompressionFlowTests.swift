// Compression holds nothing back, keeps no more than it must, and makes no whole of a half.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CompressionFlowTests {
    /// The next event is sent when curl, which undoes the coding, has written the one before.
    @Test(arguments: ["gzip", "zstd", "br"], ["text/event-stream", "text/plain"])
    func eachPieceComesAtOnce(coding: String, type: String) throws {
        if !CodingStage.canUse(coding) { return }
        let seen = Monitor(-1)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in 0..<10 {
                guard seen.wait(for: { $0 == number - 1 ? true : nil }) == true else { return }
                try socket.send("9\r\ndata: \(number)\n\n\r\n")
            }
            guard seen.wait(for: { $0 == 9 ? true : nil }) == true else { return }
            try socket.send("0\r\n\r\n")
        }
        let route = "compression: { types: [text/event-stream, text/plain], minBytes: 0 }"
        for version in ["--http1.1", "--http2-prior-knowledge"] {
            seen.change { $0 = -1 }
            try withMartlet(CodingStage.config(server, route)) { martlet throws in
                let url = "http://127.0.0.1:\(try martlet.port())/"
                let arguments = ["-s", "-N", "--compressed", "-H", "Accept-Encoding: \(coding)", version, url]
                let curl = try ChildProcess("curl", arguments)
                for number in 0..<10 {
                    _ = try curl.waitForOutput(containing: "data: \(number)\n\n", on: .output)
                    seen.change { $0 = number }
                }
                #expect(try curl.wait() == .code(0))
            }
        }
        #expect(server.failures == [])
    }

    /// A server that sends more than its client takes waits, and memory stays small.
    @Test(arguments: ["gzip", "zstd", "br"]) func slowClientsSlowTheServerDown(coding: String) throws {
        if !CodingStage.canUse(coding) { return }
        var random = SeededRandom(seed: 7)
        // Hard to compress, so that much comes out.
        let text = Array((0..<300_000).map { _ in UInt8(0x21 + random.next() % 90) })
        let sent = Monitor(0)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(400 * 60_000)\r\n\r\n")
            for number in 0..<400 {
                // More than encoders look back at lies between two that are the same.
                let start = number % 5 * 60_000
                try socket.send(Array(text[start..<start + 60_000]))
                sent.change { $0 += 1 }
            }
        }
        try withMartlet(CodingStage.config(server, "compression: on")) { martlet throws in
            let before = try martlet.peakMemory()
            let client = try martlet.connect(receiveBuffer: 4_096)
            try client.send(requestText("GET /", ["Accept-Encoding: \(coding)"]))
            _ = try client.receive(until: "\r\n\r\n")
            // It stops before all is sent, as nobody takes it.
            var last = -1
            try eventually("the server waits", .seconds(20)) {
                _ = Monitor(false).wait(.milliseconds(300)) { $0 ? true : nil }
                let now = sent.value
                defer { last = now }
                return now == last
            }
            #expect(sent.value < 300)
            #expect(try martlet.peakMemory() - before < 24 << 10)
            client.reset()
            try martlet.waitForMetric("martlet_exchanges_active", 1)
            #expect(try martlet.metrics["martlet_compression_memory_bytes"] == 0)
        }
    }

    /// Many at a time, of which most are read slowly or not at all.
    @Test func manyAtATime() throws {
        let content = String(repeating: CodingStage.page, count: 30)
        let origin = try CodingStage.origin(content)
        try withMartlet(CodingStage.config(origin.server, "compression: on")) { martlet throws in
            let clients = try (0..<40).map { _ in try martlet.connect(receiveBuffer: 4_096) }
            for client in clients { try client.send(requestText("GET /", ["Accept-Encoding: gzip"])) }
            let got = try martlet.curl("/", ["--compressed"])
            #expect(got.content == content)
            let lengths = try clients.map { try $0.readResponse().content.count }
            // A few bytes differ: how often something was given out depends on the time.
            #expect(lengths.allSatisfy { $0 > 1_000 && $0 < content.utf8.count / 5 })
            try martlet.waitForMetric("martlet_compression_memory_bytes", 0)
        }
    }

    @Test(arguments: ["--http1.1", "--http2-prior-knowledge"]) func halfAResponseIsNoWhole(_ version: String) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n\(CodingStage.page)")
        }
        try withMartlet(CodingStage.config(server, "compression: on")) { martlet throws in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            let run = try ChildProcess.run("curl", ["-s", "--compressed", "--max-time", "20", version, url])
            #expect(run.exit != .code(0))
            #expect(try martlet.metrics["martlet_responses_truncated_total"] == 1)
            #expect(try martlet.metrics["martlet_compression_memory_bytes"] == 0)
        }
    }

    /// One connection serves one after the other on both sides, with what is compressed and what is not.
    @Test func connectionsGoOn() throws {
        let origin = try Origin { request in
            response(200, CodingStage.page, ["Content-Type: \(request.target == "/a" ? "text/html" : "image/png")"])
        }
        try withMartlet(CodingStage.config(origin.server, "compression: on")) { martlet throws in
            let client = try martlet.connect()
            for target in ["/a", "/b", "/a", "/a", "/b"] {
                let answer = try client.exchange("GET \(target)", ["Accept-Encoding: gzip"])
                #expect(answer["Content-Encoding"] == (target == "/a" ? "gzip" : nil))
            }
            // Pipelined.
            let text = requestText("GET /a", ["Accept-Encoding: gzip"])
            try client.send(text + text + text)
            let sizes = try (0..<3).map { _ in try client.readResponse().content.count }
            #expect(sizes.allSatisfy { $0 > 100 && $0 < CodingStage.page.utf8.count / 5 })
        }
        #expect(origin.server.connectionCount == 1)
    }
}
