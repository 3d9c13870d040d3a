import MartletTestSupport
import Testing

/// Whatever a client of HTTP/2 says: a server of HTTP/1 sees one request where there is one, and nothing else.
@Suite(.timeLimit(.minutes(20))) struct DowngradeTests {
    /// Sends an attack on a stream, and sees how it ends.
    private func run(_ attack: DowngradeAttack, _ client: FrameClient, _ stream: UInt32) throws -> String? {
        let block = HPACKWriter.block(attack.change(client.server.request("POST")))
        if let content = attack.content {
            client.send(.open(stream, block), .data(stream, content))
        } else {
            client.send(.headers(stream, block))
        }
        let answer = try client.response(on: stream)
        if answer.resetCode == .protocolError || answer.status == 400 || answer.status == 414 { return nil }
        return "\(answer.status), \(answer.resetCode.map { "\($0)" } ?? "no reset")"
    }

    @Test(arguments: 0..<DowngradeAttack.groups.count, [false, true])
    func attacksReachNoServer(group: Int, isSecure: Bool) throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            // All on one connection: who breaks a rule of HTTP in one stream, does not spoil the others.
            let client = try FrameClient.ready(try martlet.frames(isSecure))
            var stream: UInt32 = 1
            for attack in DowngradeAttack.groups[group] {
                let other = try run(attack, client, stream)
                #expect(other == nil, "\(attack.name): \(other ?? "")")
                #expect(stage.origin.requests.isEmpty, "\(attack.name)")
                stream += 2
            }
            #expect(try client.get(stream, "/good").text == "/good")
            #expect(stage.origin.requests.map(\.target) == ["/good"])
            #expect(stage.origin.server.failures == [])
        }
    }

    /// Content that goes on behind its end: the server may have the beginning, but nothing that is not content.
    @Test(arguments: [4, 5, 100], [true, false])
    func contentOfAnotherLengthIsNotARequest(length: Int, isInOne: Bool) throws {
        let seen = Monitor<[UInt8]>([])
        let server = try ScriptedServer { socket, _ in
            while case .bytes(let bytes) = try socket.arrival(within: defaultLimit) { seen.change { $0 += bytes } }
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let head = client.server.block("POST", "/", [HTTPField("content-length", "\(length)")])
            client.send(.open(1, head))
            if !isInOne {
                #expect(server.waitForConnections(1))
                client.send(.data(1, "abcd", []))
            }
            client.send(.data(1, (isInOne ? "abcd" : "") + DowngradeAttack.smuggled))
            #expect(try client.response(on: 1).resetCode == .protocolError)
            #expect(server.waitForScripts(), "the server's connection ends: nobody can say where the request does")
            let text = String(decoding: seen.value, as: UTF8.self)
            let content = text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
            #expect(content.utf8.count <= length, "\(text)")
        }
    }

    /// What is allowed passes, and means the same as before.
    @Test func whatIsAllowedMeansTheSame() throws {
        let stage = try FrameStage { response(200, $0.text) }
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let smuggled = "0\r\n\r\n" + DowngradeAttack.smuggled
            #expect(try client.post(1, "/1?a=//%0d%0aX:%20y", smuggled).text == smuggled)
            var request = try stage.origin.lastRequest
            #expect(request.target == "/1?a=//%0d%0aX:%20y" && request.text == smuggled)
            #expect(request["Host"] == client.server.authority && request.values("Host").count == 1)
            let length = HTTPField("content-length", "\(smuggled.utf8.count)")
            #expect(try client.post(3, "//evil/", smuggled, [length]).text == smuggled)
            request = try stage.origin.lastRequest
            #expect(request.target == "/evil/" && request.values("Content-Length") == [length.value])
            #expect(request["Transfer-Encoding"] == nil)
            #expect(stage.origin.requests.count == 2 && stage.origin.server.connectionCount == 1)
        }
    }

    @Test func hostAndAuthorityBecomeOneHost() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            #expect(try client.get(1, "/", [HTTPField("host", client.server.authority)]).status == 200)
            #expect(try stage.origin.lastRequest.values("Host") == [client.server.authority])
            let fields = client.server.request().dropLast() + [HTTPField("host", "good.test:81")]
            client.send(.headers(3, HPACKWriter.block(Array(fields))))
            #expect(try client.response(on: 3).status == 200)
            #expect(try stage.origin.lastRequest.values("Host") == ["good.test:81"])
        }
    }

    /// Servers of HTTP/1 want one line (RFC 9113 section 8.2.3).
    @Test func crumbsBecomeOneCookie() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let crumbs = ["a=1", "b=2; c=3", "d=4"].map { HTTPField("cookie", $0) }
            #expect(try client.get(1, "/", [crumbs[0], HTTPField("x-between", "1")] + crumbs[1...]).status == 200)
            let request = try stage.origin.lastRequest
            #expect(request.values("Cookie") == ["a=1; b=2; c=3; d=4"] && request["X-Between"] == "1")
        }
    }

    /// Claims of the client about itself are worth as little as in HTTP/1.
    @Test func forwardingFieldsAreOurs() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            for isSecure in [false, true] {
                let client = try FrameClient.ready(try martlet.frames(isSecure))
                let claims = [
                    ("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", "gopher"), ("x-forwarded-host", "evil"),
                    ("forwarded", "for=203.0.113.7"), ("x-request-id", "evil"), ("x_forwarded_for", "203.0.113.7"),
                ].map { HTTPField($0, $1) }
                // The scheme is the client's word as well.
                var fields = client.server.request("GET", "/", claims)
                fields[1] = HTTPField(":scheme", isSecure ? "http" : "https")
                client.send(.headers(1, HPACKWriter.block(fields)))
                #expect(try client.response(on: 1).status == 200)
                let request = try stage.origin.lastRequest
                #expect(request.values("X-Forwarded-For") == ["127.0.0.1"])
                #expect(request.values("X-Forwarded-Proto") == [isSecure ? "https" : "http"])
                #expect(request.values("X-Forwarded-Host") == [client.server.authority])
                #expect(request["X-Request-ID"]?.count == 32)
                #expect(request.values("Via") == ["2.0 martlet"])
            }
        }
    }

    /// Fields that frame a message have no business behind it.
    @Test func trailersFrameNothing() throws {
        let stage = try FrameStage { response(200, $0.text) }
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let names = [
                "content-length", "transfer-encoding", "host", "connection", "authorization", "x-forwarded-for",
            ]
            for (index, name) in names.enumerated() {
                let stream = UInt32(1 + 2 * index)
                let trailers = HPACKWriter.block([HTTPField("x-good", "1"), HTTPField(name, "5")])
                client.send(
                    .open(stream, client.server.block("POST")), .data(stream, "hello", []), .headers(stream, trailers))
                let answer = try client.response(on: stream)
                #expect(answer.text == "hello" || answer.resetCode == .protocolError || answer.status == 400, "\(name)")
            }
            for request in stage.origin.requests {
                #expect(request.text == "hello")
                #expect(request.trailers == [HTTPField("x-good", "1")])
            }
        }
    }
}
