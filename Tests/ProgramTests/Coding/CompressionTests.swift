// Responses are compressed for those who take it, and what arrives is what the server has sent.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CompressionTests {
    private static let page = CodingStage.page
    private static let on = "compression: on"

    /// Both protocols on both sides, each coding, content with a length and without.
    @Test(arguments: ["gzip", "zstd", "br"], Mix.all)
    func whatArrivesIsWhatWasSent(coding: String, mix: Mix) throws {
        if !CodingStage.canUse(coding) { return }
        for isLong in [false, true] {
            let content = isLong ? String(repeating: Self.page, count: 40) : Self.page
            let server = try Self.server(mix, content)
            try withMartlet(CodingStage.config(server, Self.on, upstream: mix.upstream)) { martlet throws in
                let version = mix.clientTwo ? "--http2-prior-knowledge" : "--http1.1"
                let got = try martlet.curl("/", [version, "--compressed", "-H", "Accept-Encoding: \(coding)"])
                #expect(got.content == content)
                #expect(got.head.contains("content-encoding: \(coding)\r\n"))
                #expect(got.head.contains("vary: accept-encoding\r\n"))
                #expect(!got.head.contains("content-length:"))
                let metrics = try martlet.metrics
                #expect(metrics["martlet_compressed_responses_total{encoding=\"\(coding)\"}"] == 1)
                #expect(
                    metrics["martlet_compressed_bytes_in_total{encoding=\"\(coding)\"}"] == Double(content.utf8.count))
                let out = try #require(metrics["martlet_compressed_bytes_out_total{encoding=\"\(coding)\"}"])
                #expect(out > 50 && out < Double(content.utf8.count) / 5)
                #expect(metrics["martlet_compression_memory_bytes"] == 0)
                #expect(try martlet.accessLogLine(target: "/")["encoding"] == coding)
            }
            #expect(server.failures == [])
        }
    }

    private static func server(_ mix: Mix, _ content: String) throws -> ScriptedServer {
        if !mix.serverTwo { return try CodingStage.origin(content).server }
        return try .frames { peer, _ in
            _ = try peer.request(on: 1)
            peer.send(FrameClient.answer(1, 200, [HTTPField("content-type", "text/html")]))
            let sender = FrameSender(peer)
            try sender.send(Array(content.utf8), on: 1)
            peer.send(WireFrame(.data, .endStream, 1, []))
            try peer.untilGone()
        }
    }

    /// A server without a length, and one that ends by closing.
    @Test(arguments: ["--http1.1", "--http2-prior-knowledge"]) func otherFramings(_ version: String) throws {
        let page = Self.page
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                let isChunked = request.target == "/chunked"
                let framing = isChunked ? "Transfer-Encoding: chunked" : "Connection: close"
                try socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\(framing)\r\n\r\n")
                for part in page.split(separator: "\n") {
                    let text = part + "\n"
                    let size = String(text.utf8.count, radix: 16)
                    try socket.send(isChunked ? "\(size)\r\n\(text)\r\n" : String(text))
                }
                if !isChunked { return }
                try socket.send("0\r\nX-Sum: 17\r\n\r\n")
            }
        }
        try withMartlet(CodingStage.config(server, Self.on)) { martlet throws in
            for target in ["/chunked", "/close"] {
                let got = try martlet.curl(target, ["--compressed", version])
                #expect(got.content == page && got.head.contains("content-encoding: "))
            }
            let answer = try martlet.request("GET /chunked", ["Accept-Encoding: gzip", "TE: trailers"])
            #expect(answer.trailers == [HTTPField("X-Sum", "17")])
            #expect(answer["Content-Encoding"] == "gzip" && answer.content.starts(with: [0x1F, 0x8B]))
        }
    }

    // MARK: Heads

    @Test func headsSayWhatHolds() throws {
        let origin = try CodingStage.origin(
            Self.page,
            [
                "Content-Type: text/html; charset=utf-8", "ETag: \"abc\"", "Vary: Origin", "Accept-Ranges: bytes",
                "Content-MD5: x", "Digest: y", "Repr-Digest: z", "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT",
            ])
        try withMartlet(CodingStage.config(origin.server, Self.on)) { martlet throws in
            for method in ["GET", "HEAD"] {
                let coded = try martlet.request("\(method) /", ["Accept-Encoding: gzip"])
                #expect(coded["Content-Encoding"] == "gzip" && coded["ETag"] == "W/\"abc\"")
                #expect(coded.values("Vary") == ["Origin, Accept-Encoding"])
                for name in ["Content-Length", "Accept-Ranges", "Content-MD5", "Digest", "Repr-Digest"] {
                    #expect(coded[name] == nil, "\(name)")
                }
                #expect(coded["Last-Modified"] != nil && coded["Content-Type"] == "text/html; charset=utf-8")
                let plain = try martlet.request("\(method) /")
                #expect(plain["Content-Encoding"] == nil && plain["ETag"] == "\"abc\"")
                #expect(plain.values("Vary") == ["Origin, Accept-Encoding"])
                #expect(plain["Content-Length"] == "\(Self.page.utf8.count)" && plain["Accept-Ranges"] == "bytes")
            }
        }
    }

    @Test(arguments: [
        (["Vary: *"], ["*"]), (["Vary: accept-ENCODING"], ["accept-ENCODING"]), ([], ["Accept-Encoding"]),
        (["Vary: A", "Vary: B"], ["A, B, Accept-Encoding"]),
    ])
    func varyIsJoined(_ sent: [String], _ got: [String]) throws {
        let origin = try CodingStage.origin(Self.page, ["Content-Type: text/html", "ETag: W/\"1\""] + sent)
        try withMartlet(CodingStage.config(origin.server, Self.on)) { martlet throws in
            for fields in [[], ["Accept-Encoding: gzip"]] {
                let answer = try martlet.request("GET /", fields)
                #expect(answer.values("Vary") == got && answer["ETag"] == "W/\"1\"")
            }
        }
    }

    /// What a route says of the fields counts all the same.
    @Test func editedFields() throws {
        let origin = try CodingStage.origin(Self.page, ["Content-Type: text/html", "ETag: \"1\"", "Vary: A"])
        let route = "{ compression: on, upstream: app, responseFields: { remove: [ETag], rename: { Vary: X-Vary } } }"
        let config = CodingStage.config(origin.server, Self.on)
            .replacing("  - upstream: app\n    compression: on\n", with: "  - \(route)\n")
        try withMartlet(config) { martlet throws in
            let answer = try martlet.request("GET /", ["Accept-Encoding: gzip"])
            #expect(answer["ETag"] == nil && answer["X-Vary"] == "A" && answer.values("Vary") == ["Accept-Encoding"])
        }
    }

    /// Both ends of a conditional request see the same entity tag.
    @Test func notModified() throws {
        let origin = try Origin { request in
            request["If-None-Match"] == "W/\"abc\""
                ? "HTTP/1.1 304 Not Modified\r\nETag: \"abc\"\r\n\r\n" : response(500)
        }
        try withMartlet(CodingStage.config(origin.server, Self.on)) { martlet throws in
            let answer = try martlet.request("GET /", ["Accept-Encoding: gzip", "If-None-Match: W/\"abc\""])
            #expect(answer.status == 304 && answer["ETag"] == "W/\"abc\"" && answer["Vary"] == "Accept-Encoding")
            let plain = try martlet.request("GET /", ["If-None-Match: W/\"abc\""])
            #expect(plain.status == 304 && plain["ETag"] == "\"abc\"" && plain["Vary"] == "Accept-Encoding")
        }
    }

    // MARK: What stays as it is

    @Test(arguments: [
        (["Content-Type: image/png"], 200), (["Content-Type: text/html", "Content-Encoding: br"], 200), ([], 200),
        (["Content-Type: text/html", "Cache-Control: public, No-Transform"], 200),
        (["Content-Type: text/html", "Content-Range: bytes 0-9/20"], 206), (["Content-Type: text/event-stream"], 200),
        (["Content-Type: text/html", "Content-Range: bytes 0-9/20"], 200),
    ])
    func someNeverAre(_ fields: [String], _ status: Int) throws {
        let page = Self.page
        let origin = try Origin { _ in response(status, page, fields + ["ETag: \"a\""]) }
        try withMartlet(CodingStage.config(origin.server, Self.on)) { martlet throws in
            let answer = try martlet.request("GET /", ["Accept-Encoding: gzip, br, zstd"])
            #expect(answer.text == page && answer["ETag"] == "\"a\"" && answer["Vary"] == nil)
            #expect(answer["Content-Length"] == "\(page.utf8.count)")
            #expect(
                answer.values("Content-Encoding")
                    == (fields.count > 1 && fields[1].hasPrefix("Content-E") ? ["br"] : []))
        }
    }

    @Test func shortOnesAreNotWorthIt() throws {
        let origin = try Origin { request in
            response(
                200, String(repeating: "x", count: Int(request.target.dropFirst()) ?? 0), ["Content-Type: text/html"])
        }
        try withMartlet(CodingStage.config(origin.server, "compression: { minBytes: 100 }")) { martlet throws in
            for (length, coding) in [(0, nil), (99, nil), (100, "gzip"), (101, "gzip")] {
                let answer = try martlet.request("GET /\(length)", ["Accept-Encoding: gzip"])
                #expect(answer["Content-Encoding"] == coding && answer["Vary"] == coding.map { _ in "Accept-Encoding" })
            }
        }
        try withMartlet(CodingStage.config(origin.server, "compression: { minBytes: 0 }")) { martlet throws in
            let answer = try martlet.request("GET /0", ["Accept-Encoding: gzip"])
            #expect(answer["Content-Encoding"] == nil && answer.content.isEmpty)
        }
    }

    @Test(arguments: ["", "identity", "gzip;q=0", "deflate", "identity;q=1, gzip;q=0.5", "*;q=0"])
    func whoTakesNoneGetsNone(_ accepted: String) throws {
        let origin = try CodingStage.origin()
        try withMartlet(CodingStage.config(origin.server, Self.on)) { martlet throws in
            let answer = try martlet.request("GET /", ["Accept-Encoding: \(accepted)"])
            #expect(
                answer.text == Self.page && answer["Content-Encoding"] == nil && answer["Vary"] == "Accept-Encoding")
            // What the client takes, the server is told as it was.
            #expect(try origin.lastRequest["Accept-Encoding"] == accepted)
        }
    }

    @Test func oldClientsGetNone() throws {
        let origin = try CodingStage.origin()
        try withMartlet(CodingStage.config(origin.server, Self.on)) { martlet throws in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.text == Self.page && answer["Vary"] == "Accept-Encoding")
        }
    }

    // MARK: Settings

    @Test func codingsAreChosenInOrder() throws {
        let origin = try CodingStage.origin()
        let route = "compression: { encodings: [gzip, br, zstd], types: [\"text/*\"], gzipLevel: 9 }"
        try withMartlet(CodingStage.config(origin.server, route)) { martlet throws in
            #expect(try martlet.request("GET /", ["Accept-Encoding: zstd, br, gzip"])["Content-Encoding"] == "gzip")
            #expect(try martlet.request("GET /", ["Accept-Encoding: *"])["Content-Encoding"] == "gzip")
        }
        try withMartlet(CodingStage.config(origin.server, "compression: { encodings: [gzip] }")) { martlet throws in
            #expect(try martlet.request("GET /", ["Accept-Encoding: br, zstd"])["Content-Encoding"] == nil)
        }
    }

    @Test func levelsMatter() throws {
        var random = SeededRandom(seed: 3)
        let words = (0..<300).map { "w\($0 * 7_919)" }
        let text = (0..<8_000).map { _ in words[Int(random.next() % 300)] }.joined(separator: " ")
        let origin = try CodingStage.origin(text)
        var sizes: [Int] = []
        for level in [1, 9] {
            try withMartlet(CodingStage.config(origin.server, "compression: { gzipLevel: \(level) }")) {
                martlet throws in
                sizes.append(try martlet.request("GET /", ["Accept-Encoding: gzip"]).content.count)
            }
        }
        #expect(sizes[1] < sizes[0])
    }

    @Test func theRouteCountsBeforeTheTop() throws {
        let origin = try CodingStage.origin(Self.page, ["Content-Type: application/x-test"])
        let config = """
            workers: 1
            listeners: [{ address: "127.0.0.1:0" }]
            compression: { types: ["application/*"] }
            routes:
              - { path: /top, upstream: app }
              - { path: /off, upstream: app, compression: off }
              - { path: /on, upstream: app, compression: on }
              - { path: /own, upstream: app, compression: { types: [application/x-test] } }
            upstreams: { app: { servers: ["\(origin.address)"] } }
            """
        try withMartlet(config) { martlet throws in
            let codings = try ["/top", "/off", "/on", "/own"].map {
                try martlet.request("GET \($0)", ["Accept-Encoding: gzip"])["Content-Encoding"]
            }
            #expect(codings == ["gzip", nil, nil, "gzip"])
        }
    }

    @Test func beyondTheMemoryNoneIs() throws {
        let origin = try CodingStage.origin()
        let config = CodingStage.config(origin.server, Self.on, upstream: [], "limits: { compressionMemory: 100KiB }")
        try withMartlet(config) { martlet throws in
            let answer = try martlet.request("GET /", ["Accept-Encoding: gzip"])
            #expect(
                answer.text == Self.page && answer["Content-Encoding"] == nil && answer["Vary"] == "Accept-Encoding")
            #expect(try martlet.metrics["martlet_compression_skipped_total"] == 1)
        }
    }

    @Test func answersFromHere() throws {
        let text = (0..<200).map { "robot \($0)" }.joined(separator: " ")
        let config = """
            workers: 1
            listeners: [{ address: "127.0.0.1:0" }]
            compression: on
            routes:
              - { path: /long, respond: { body: "\(text)" } }
              - { path: /short, respond: { body: "short" } }
              - { path: /image, respond: { body: "\(text)", contentType: image/png } }
            upstreams: {}
            """
        try withMartlet(config) { martlet throws in
            let coded = try martlet.curl("/long", ["--compressed"])
            #expect(coded.content == text && coded.head.contains("content-encoding: "))
            let answer = try martlet.request("GET /long", ["Accept-Encoding: gzip"])
            #expect(answer["Content-Encoding"] == "gzip" && answer["Vary"] == "Accept-Encoding")
            #expect(answer["Content-Length"] == "\(answer.content.count)" && answer.content.count < text.utf8.count)
            let head = try martlet.request("HEAD /long", ["Accept-Encoding: gzip"])
            #expect(head["Content-Length"] == "\(answer.content.count)" && head["Content-Encoding"] == "gzip")
            let frames = try martlet.curl("/long", ["--compressed", "--http2-prior-knowledge"])
            #expect(frames.content == text && frames.head.hasPrefix("http/2 200"))
            #expect(frames.head.contains("content-encoding: ") && frames.head.contains("vary: accept-encoding"))
            let unchanged = try martlet.curl("/long", ["--http2-prior-knowledge"])
            #expect(unchanged.content == text && !unchanged.head.contains("content-encoding"))
            let plain = try martlet.request("GET /long")
            #expect(plain.text == text && plain["Vary"] == "Accept-Encoding" && plain["Content-Encoding"] == nil)
            for path in ["/short", "/image"] {
                let answer = try martlet.request("GET \(path)", ["Accept-Encoding: gzip"])
                #expect(answer["Content-Encoding"] == nil && answer["Vary"] == nil)
            }
        }
    }
}
