// What is between two neighbours only, and never passes (RFC 9110 section 7.6.1).
import MartletTestSupport
import Testing

@Suite struct HopByHopTests {
    private static let fields = [
        "Connection: X-Private, keep-alive, X-OTHER", "Connection: close", "X-Private: 1", "x-other: 2",
        "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: gzip, trailers;q=0.5", "Upgrade: h2c",
        "X-Kept: 3", "Content-Type: text/plain",
    ]

    @Test func fieldsOfARequest() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            _ = try martlet.request("POST /", Self.fields, content: "abc")
            let request = try origin.lastRequest
            for name in ["X-Private", "X-Other", "Keep-Alive", "Proxy-Connection", "Upgrade"] {
                #expect(request[name] == nil, "\(name)")
            }
            #expect(request["X-Kept"] == "3" && request["Content-Type"] == "text/plain")
            #expect(request.values("TE").allSatisfy { $0 == "trailers" })
            #expect(request.values("Connection").allSatisfy { $0 == "TE" })
        }
    }

    @Test func fieldsOfAResponse() throws {
        let fields = Self.fields.filter { !$0.hasPrefix("TE") } + ["Proxy-Authenticate: Basic"]
        let origin = try Origin { _ in response(200, "abc", fields) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let answer = try martlet.request("GET /")
            for name in ["X-Private", "X-Other", "Keep-Alive", "Proxy-Connection", "Upgrade", "Connection"] {
                #expect(answer[name] == nil, "\(name)")
            }
            #expect(answer["X-Kept"] == "3" && answer["Content-Type"] == "text/plain")
        }
    }

    /// Whoever could take these away would choose how the message is read, and whom the server thinks it talks to.
    @Test func fieldsThatFrameAndRouteCannotBeNominated() throws {
        let origin = try Origin()
        let config = Configs.proxy(to: origin.server, "trustedProxies: [127.0.0.0/8]")
        try withMartlet(config) { martlet in
            let nominated = "Connection: Host, Content-Length, X-Forwarded-For, X-Forwarded-Host, Forwarded, Via"
            let answer = try martlet.request(
                "POST /", [nominated, "X-Forwarded-For: 203.0.113.7", "Via: 1.1 other"], content: "abc")
            #expect(answer.status == 200)
            let request = try origin.lastRequest
            #expect(request.text == "abc" && request["Host"] == "test")
            #expect(request["X-Forwarded-For"] == "203.0.113.7, 127.0.0.1")
            #expect(request["Via"] == "1.1 other, 1.1 martlet")
        }
    }

    @Test func fieldsPassAsTheyCame() throws {
        let fields = ["X-A: 1", "x-b:  two words\t", "X-A: 2", "Cookie: a=b; c=d", "X-Bytes: caf\u{e9}", "X-Empty:"]
        let origin = try Origin { _ in response(200, "", fields) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let answer = try martlet.request("GET /", fields)
            for message in [answer.fields, try origin.lastRequest.fields] {
                let names = ["X-A", "x-b", "Cookie", "X-Bytes", "X-Empty"]
                let kept = message.filter { names.contains($0.name) }.map { $0.name + "=" + $0.value }
                #expect(
                    kept == ["X-A=1", "x-b=two words", "X-A=2", "Cookie=a=b; c=d", "X-Bytes=caf\u{e9}", "X-Empty="])
            }
        }
    }
}
