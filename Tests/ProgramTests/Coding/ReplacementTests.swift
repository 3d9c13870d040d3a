// Texts in the content of responses are replaced, however it comes and whatever it is coded with.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ReplacementTests {
    private static let page = (0..<300).map { "<a href=\"http://app.internal:8080/\($0)\">\($0)</a>\n" }.joined()
    private static let replaced = page.replacing("http://app.internal:8080", with: "https://www.test")
    private static let route =
        "responseBody: { replace: [{ from: \"http://app.internal:8080\", to: \"https://{host}\" }] }"
    private static let host = "Host: www.test"

    @Test(arguments: Mix.all) func textsAreReplaced(mix: Mix) throws {
        let server = try Self.server(mix)
        try withMartlet(CodingStage.config(server, Self.route, upstream: mix.upstream)) { martlet throws in
            let version = mix.clientTwo ? "--http2-prior-knowledge" : "--http1.1"
            let got = try martlet.curl("/", [version, "-H", Self.host])
            #expect(got.content == Self.replaced && !got.head.contains("content-length:"))
            let metrics = try martlet.metrics
            #expect(metrics["martlet_body_replaced_responses_total"] == 1)
            #expect(metrics["martlet_body_replacements_total"] == 300)
        }
        #expect(server.failures == [])
    }

    private static func server(_ mix: Mix) throws -> ScriptedServer {
        if !mix.serverTwo { return try CodingStage.origin(page).server }
        return try .frames { peer, _ in
            _ = try peer.request(on: 1)
            peer.send(FrameClient.answer(1, 200, [HTTPField("content-type", "text/html")]))
            try FrameSender(peer).send(Array(page.utf8), on: 1)
            peer.send(WireFrame(.data, .endStream, 1, []))
            try peer.untilGone()
        }
    }

    /// A text that comes in pieces of any length, in chunks.
    @Test(arguments: [1, 2, 3, 7, 100]) func piecesDoNotMatter(_ count: Int) throws {
        let text = Array(Self.page.utf8.prefix(2_000))
        let server = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                try socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
                for start in stride(from: 0, to: text.count, by: count) {
                    let piece = String(decoding: text[start..<min(start + count, text.count)], as: UTF8.self)
                    try socket.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
                }
                try socket.send("0\r\nX-Sum: 1\r\n\r\n")
            }
        }
        try withMartlet(CodingStage.config(server, Self.route)) { martlet throws in
            let answer = try martlet.request("GET /", [Self.host, "TE: trailers"])
            let expected = String(decoding: text, as: UTF8.self)
                .replacing("http://app.internal:8080", with: "https://www.test")
            #expect(answer.text == expected && answer.trailers == [HTTPField("X-Sum", "1")])
        }
    }

    // MARK: Codings

    /// What the server compresses, the client gets compressed, and replaced all the same.
    @Test(arguments: ["gzip", "x-gzip"], [Self.route, Self.route + "\n    compression: on"])
    func codedContent(_ coding: String, _ route: String) throws {
        let coded = try Self.gzip(Self.page)
        let server = try Self.server("Content-Type: text/html\r\nContent-Encoding: \(coding)\r\nETag: \"1\"", coded)
        try withMartlet(CodingStage.config(server, route)) { martlet throws in
            let got = try martlet.curl("/", ["--compressed", "-H", Self.host, "-H", "Accept-Encoding: gzip"])
            #expect(got.content == Self.replaced && got.head.contains("content-encoding: gzip\r\n"))
            #expect(got.head.contains("vary: accept-encoding\r\n") && got.head.contains("etag: w/\"1\""))
            // Who does not take it gets it plain.
            let plain = try martlet.request("GET /", [Self.host])
            #expect(plain.text == Self.replaced && plain["Content-Encoding"] == nil)
            #expect(plain["Vary"] == "Accept-Encoding")
        }
        #expect(server.failures == [])
    }

    @Test func onlyWhatCanBeDecodedIsAskedFor() throws {
        let origin = try CodingStage.origin(Self.page)
        try withMartlet(CodingStage.config(origin.server, Self.route)) { martlet throws in
            for (accepted, asked) in [("br, gzip, zstd", "gzip"), ("br", nil), ("gzip;q=0", nil), ("*", "gzip")] {
                _ = try martlet.request(
                    "GET /", ["Accept-Encoding: \(accepted)", "Range: bytes=0-5", "If-Range: \"1\""])
                let request = try origin.lastRequest
                #expect(request.values("Accept-Encoding") == (asked.map { [$0] } ?? []), "\(accepted)")
                #expect(request["Range"] == nil && request["If-Range"] == nil)
            }
        }
    }

    @Test(
        arguments: [
            (["Content-Type: text/html", "Content-Encoding: br"], 200, "coding"),
            (["Content-Type: text/html", "Content-Encoding: gzip, br"], 200, "coding"),
            (["Content-Type: text/html", "Content-Range: bytes 0-9/20"], 206, "partial"),
            (["Content-Type: text/html", "Cache-Control: no-transform"], 200, "no_transform"),
            (["Content-Type: application/json"], 200, nil), ([], 200, nil),
        ] as [([String], Int, String?)])
    func someStayAsTheyAre(_ fields: [String], _ status: Int, _ reason: String?) throws {
        let origin = try Origin { _ in response(status, Self.page, fields + ["ETag: \"1\""]) }
        try withMartlet(CodingStage.config(origin.server, Self.route)) { martlet throws in
            let answer = try martlet.request("GET /", [Self.host])
            #expect(answer.text == Self.page && answer["ETag"] == "\"1\"" && answer["Content-Length"] != nil)
            let metrics = try martlet.metrics
            for other in ["coding", "partial", "no_transform"] {
                let count = metrics["martlet_body_replace_skipped_total{reason=\"\(other)\"}"]
                #expect(count == (other == reason ? 1 : 0))
            }
        }
    }

    /// The head is there already: the client must not take what came for all.
    @Test(arguments: ["broken", "cut", "bomb"]) func whatCannotBeDecodedIsBrokenOff(_ kind: String) throws {
        var coded = try Self.gzip(Self.page)
        if kind == "broken" { coded[coded.count - 20] ^= 0x55 }
        if kind == "cut" { coded.removeLast(9) }
        if kind == "bomb" { coded = try Self.gzip(String(repeating: "a", count: 8_000_000)) }
        let server = try Self.server("Content-Type: text/html\r\nContent-Encoding: gzip", coded)
        try withMartlet(CodingStage.config(server, Self.route)) { martlet throws in
            let before = try martlet.peakMemory()
            let url = "http://127.0.0.1:\(try martlet.port())/"
            let run = try ChildProcess.run("curl", ["-s", "-f", "--compressed", "--max-time", "20", url])
            #expect(run.exit != .code(0))
            let metrics = try martlet.metrics
            #expect(metrics["martlet_body_undecodable_total"] == 1)
            #expect(metrics["martlet_compression_memory_bytes"] == 0)
            #expect(try martlet.accessLogLine(target: "/")["error"]?.hasPrefix("response cannot be decoded") == true)
            #expect(try martlet.peakMemory() - before < 16 << 10)
        }
    }

    /// More than usual is a setting's matter.
    @Test func theRatioIsASetting() throws {
        let text = String(repeating: "a", count: 8_000_000)
        let server = try Self.server("Content-Type: text/html\r\nContent-Encoding: gzip", try Self.gzip(text))
        let route = "responseBody: { replace: [{ from: b, to: c }], maxRatio: 1100 }"
        try withMartlet(CodingStage.config(server, route)) { martlet throws in
            #expect(try martlet.curl("/").content == text)
        }
    }

    // MARK: Heads and settings

    @Test func headsSayWhatHolds() throws {
        let origin = try CodingStage.origin(
            Self.page, ["Content-Type: text/html", "ETag: \"1\"", "Accept-Ranges: bytes", "Content-MD5: x"])
        try withMartlet(CodingStage.config(origin.server, Self.route)) { martlet throws in
            for method in ["GET", "HEAD"] {
                let answer = try martlet.request("\(method) /", [Self.host])
                #expect(answer["ETag"] == "W/\"1\"" && answer["Content-Length"] == nil)
                #expect(answer["Accept-Ranges"] == nil && answer["Content-MD5"] == nil && answer["Vary"] == nil)
            }
            // Whoever knows no chunks learns the end by the connection's.
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.0\r\nHost: www.test\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.text == Self.replaced && answer["Transfer-Encoding"] == nil)
        }
    }

    @Test func options() throws {
        let origin = try CodingStage.origin("One one ONE</head></head>", ["Content-Type: application/x-page"])
        let route = """
            responseBody:
                  types: [application/x-page]
                  ignoreCase: true
                  replace:
                    - { from: ONE, to: "" }
                    - { from: "</HEAD>", to: "<script src=\\"{scheme}://{host}/x\\"></script></head>", once: true }
            """
        try withMartlet(CodingStage.config(origin.server, route)) { martlet throws in
            let answer = try martlet.request("GET /", ["Host: a.test:80"])
            #expect(answer.text == "  <script src=\"http://a.test/x\"></script></head></head>")
        }
    }

    /// A host of a client becomes no markup.
    @Test func valuesAreHarmless() throws {
        let origin = try CodingStage.origin("x")
        let route = "responseBody: { replace: [{ from: x, to: \"{host} {client.ip} {upstream}\" }] }"
        try withMartlet(CodingStage.config(origin.server, route)) { martlet throws in
            let answer = try martlet.request("GET /", ["Host: a'b&c"])
            if answer.status == 200 { #expect(answer.text == "a%27b%26c 127.0.0.1 app") }
            #expect(try martlet.request("GET /", ["Host: a-b.c"]).text == "a-b.c 127.0.0.1 app")
        }
    }

    /// What is replaced is compressed afterwards.
    @Test(arguments: ["gzip", "zstd", "br"]) func withCompression(_ coding: String) throws {
        if !CodingStage.canUse(coding) { return }
        let origin = try CodingStage.origin(Self.page)
        try withMartlet(CodingStage.config(origin.server, Self.route + "\n    compression: on")) { martlet throws in
            let arguments = ["--compressed", "-H", Self.host, "-H", "Accept-Encoding: \(coding)"]
            let got = try martlet.curl("/", arguments)
            #expect(got.content == Self.replaced && got.head.contains("content-encoding: \(coding)\r\n"))
        }
    }

    /// Large content in both directions of length, to a client that reads slowly.
    @Test(arguments: ["", "a much longer text than the one before"]) func largeContent(_ to: String) throws {
        let content = String(repeating: "some text with a word in it, ", count: 100_000)
        let origin = try CodingStage.origin(content)
        let route = "responseBody: { replace: [{ from: word, to: \"\(to)\" }] }"
        try withMartlet(CodingStage.config(origin.server, route)) { martlet throws in
            let client = try martlet.connect(receiveBuffer: 4_096)
            try client.send(requestText("GET /"))
            let answer = try client.readResponse()
            #expect(answer.text == content.replacing("word", with: to))
            #expect(try martlet.metrics["martlet_body_replacements_total"] == 100_000)
        }
    }

    /// What has come and is no beginning of a text is not held back.
    @Test func nothingIsHeldBack() throws {
        let seen = Monitor(-1)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in 0..<5 {
                guard seen.wait(for: { $0 == number - 1 ? true : nil }) == true else { return }
                try socket.send("8\r\nword: \(number)\n\r\n")
            }
            try socket.send("0\r\n\r\n")
        }
        let route = "responseBody: { replace: [{ from: word, to: text }] }"
        try withMartlet(CodingStage.config(server, route)) { martlet throws in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            for number in 0..<5 {
                _ = try client.receive(until: "text: \(number)\n")
                seen.change { $0 = number }
            }
            _ = try client.receive(until: "0\r\n\r\n")
        }
        #expect(server.failures == [])
    }

    // MARK: Helpers

    private static func gzip(_ text: String) throws -> [UInt8] {
        let folder = try TestFolder()
        let file = try folder.write(text, to: "content")
        let run = try ChildProcess.run("gzip", ["-k", file])
        if run.exit != .code(0) { throw TestFailure("gzip ended with \(run.exit): \(run.errors)") }
        return Array(try Data(contentsOf: URL(filePath: file + ".gz")))
    }

    private static func server(_ fields: String, _ content: [UInt8]) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                try socket.send("HTTP/1.1 200 OK\r\n\(fields)\r\nContent-Length: \(content.count)\r\n\r\n")
                try socket.send(content)
            }
        }
    }
}
