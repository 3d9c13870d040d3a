// Answers that the proxy makes itself.
import Foundation
import MartletTestSupport
import Testing

@Suite struct ErrorPageTests {
    /// A server that refuses connections, and is not waited for.
    private static let nobody = ["127.0.0.1:1"]
    private static let atOnce = ["queue: {noServerTimeout: 0s}"]

    @Test(arguments: [
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("image/png", "text/plain; charset=utf-8"),
        (nil, "text/plain; charset=utf-8"),
    ])
    func theFormFollowsAccept(accept: String?, type: String) throws {
        try withMartlet(Configs.proxy(to: Self.nobody, upstream: Self.atOnce)) { martlet in
            let answer = try martlet.request("GET /secret-path", accept.map { ["Accept: " + $0] } ?? [])
            #expect(answer.status == 502)
            #expect(answer["Content-Type"] == type)
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer["Date"]?.hasSuffix(" GMT") == true)
            let id = try #require(try martlet.accessLogLine(target: "/secret-path")["request_id"])
            #expect(answer.text.contains(id))
            try Self.checkSyntax(answer)
            for detail in ["127.0.0.1", "refused", "connect", "app", "secret-path"] {
                #expect(!answer.text.replacing("application", with: "").contains(detail), "\(detail)")
            }
        }
    }

    private static func checkSyntax(_ answer: HTTPResponse) throws {
        if answer["Content-Type"] == "application/json" {
            let object = try JSONSerialization.jsonObject(with: Data(answer.content)) as? [String: Any]
            #expect(object?["status"] as? Int == 502)
        } else if answer["Content-Type"]?.hasPrefix("text/html") == true {
            #expect(answer.text.hasPrefix("<!doctype html>"))
        }
    }

    @Test func headGetsNoPage() throws {
        try withMartlet(Configs.proxy(to: Self.nobody, upstream: Self.atOnce)) { martlet in
            let client = try martlet.connect()
            let answer = try client.exchange("HEAD /")
            #expect(answer.status == 502 && answer["Content-Length"] != "0")
            #expect(try client.exchange("GET /").status == 502)
        }
    }

    @Test func anIDFromATrustedClientCannotWriteThePage() throws {
        let config = Configs.proxy(to: Self.nobody, upstream: Self.atOnce, "trustedProxies: [127.0.0.1]")
        try withMartlet(config) { martlet in
            for type in ["text/html", "application/json"] {
                let id = "X-Request-ID: <script>\"},{\"x\":\"a-1"
                let answer = try martlet.request("GET /", ["Accept: " + type, id])
                #expect(!answer.text.contains("<script>") && answer.text.contains("scriptx:a-1"))
                try Self.checkSyntax(answer)
            }
        }
    }

    /// A request beyond a limit of ours.
    struct Excess: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: String
        let status: Int

        static let all = [
            Excess("long target", "GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            Excess("large head", requestText("GET /", ["X: " + String(repeating: "a", count: 40_000)]), 431),
            Excess("many fields", requestText("GET /", Array(repeating: "X: a", count: 101)), 431),
            Excess("long content", requestText("POST /", content: String(repeating: "a", count: 2_000)), 413),
            Excess("long chunk", requestText("POST /", ["Transfer-Encoding: chunked"]) + "7D0\r\n" + content, 413),
            Excess("new version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            Excess("no host", "GET / HTTP/1.1\r\n\r\n", 400),
        ]
        private static let content = String(repeating: "a", count: 2_000)

        init(_ name: String, _ request: String, _ status: Int) {
            testDescription = name
            self.request = request
            self.status = status
        }
    }

    @Test(arguments: Excess.all)
    func limitsHaveTheirStatus(excess: Excess) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "limits: {requestBody: 1000}")) { martlet in
            let client = try martlet.connect()
            try client.send(excess.request)
            let answer = try client.readResponse()
            #expect(answer.status == excess.status && answer["Connection"] == "close")
            // Whole, though the client was still sending, and then the end.
            #expect(try client.receiveUntilEnd() == [])
            try martlet.waitForMetric("martlet_errors_total{status=\"\(excess.status)\"}", 1)
        }
    }
}
