// A line for each request, with the reason if something went wrong.
import Foundation
import MartletTestSupport
import Testing

@Suite struct AccessLogTests {
    @Test func aLineHasWhatIsKnown() throws {
        let origin = try Origin { _ in response(201, "made") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let fields = ["Host: Shop.example", "User-Agent: test \"agent\" \\", "Referer: http://a/\u{7f}"]
            _ = try martlet.request("POST /a?b=%22", fields.dropLast() + ["Referer: http://a/\u{e9}"], content: "12345")
            let line = try martlet.accessLogLine(target: "/a?b=%22")
            #expect(line["method"] == "POST" && line["host"] == "Shop.example" && line["protocol"] == "HTTP/1.1")
            #expect(line["status"] == "201" && line["client"] == "127.0.0.1")
            #expect(line["user_agent"] == "test \"agent\" \\")
            #expect(line["upstream"] == "app" && line["server"] == origin.address)
            #expect(line["request_id"] == (try origin.lastRequest["X-Request-ID"]))
            #expect(line["error"] == nil && line["phase"] == nil && line["side"] == nil)
            #expect(Int(line["bytes"] ?? "") ?? 0 > 4 && Int(line["duration_us"] ?? "") ?? 0 > 0)
            let time = try #require(line["time"])
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            #expect(abs(try style.parse(time).timeIntervalSinceNow) < 60)
        }
    }

    @Test func failuresHaveReasonSideServerAndPhase() throws {
        try withMartlet(Configs.proxy(to: ["127.0.0.1:1"], upstream: ["queue: {noServerTimeout: 0s}"])) { martlet in
            _ = try martlet.request("GET /down")
            let line = try martlet.accessLogLine(target: "/down")
            #expect(line["status"] == "502" && line["side"] == "server" && line["phase"] == "connecting")
            #expect(line["server"] == "127.0.0.1:1" && line["upstream"] == "app")
            #expect(line["error"]?.hasPrefix("connect failed: ") == true)
        }
    }

    @Test func aRequestThatIsNoneHasALineToo() throws {
        try withMartlet(Configs.proxy(to: ["127.0.0.1:1"])) { martlet in
            let client = try martlet.connect()
            try client.send("garbage\"\r\n\r\n")
            #expect(try client.readResponse().status == 400)
            try eventually("a line") { try !martlet.accessLog.isEmpty }
            let line = try martlet.accessLog[0]
            #expect(line["status"] == "400" && line["side"] == "client" && line["phase"] == "reading-request")
            #expect(line["error"]?.isEmpty == false)
        }
    }

    @Test func theCombinedFormat() throws {
        let origin = try Origin { _ in response(200, "12345") }
        try withMartlet(Configs.proxy(to: origin.server, "accessLog: {format: combined}")) { martlet in
            _ = try martlet.request("GET /x?\"", ["User-Agent: a\"b\\"])
            let log = try martlet.process.waitForOutput(containing: "\n")
            let pattern = #/127\.0\.0\.1 - - \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000\] (.*)\n/#
            let match = try #require(log.wholeMatch(of: pattern))
            let rest = match.output.1
            #expect(rest.hasPrefix("\"GET /x?\\x22 HTTP/1.1\" 200 "))
            #expect(rest.hasSuffix(" \"-\" \"a\\x22b\\x5c\""))
        }
    }

    @Test func noLogIfNotWanted() throws {
        let origin = try Origin()
        let martlet = try RunningMartlet(Configs.proxy(to: origin.server, "accessLog: off"))
        _ = try martlet.request("GET /")
        try martlet.stop()
        #expect(martlet.process.output == "")
    }
}
