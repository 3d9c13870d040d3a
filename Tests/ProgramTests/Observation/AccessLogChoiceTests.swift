import Foundation
import MartletTestSupport
import Testing

/// Lines of one's own choice, and requests without one.
@Suite(.timeLimit(.minutes(20))) struct AccessLogChoiceTests {
    private func lines(_ log: String, _ body: (RunningMartlet) throws -> Void) throws -> [String] {
        let origin = try Origin { request in
            let last = request.target.prefix { $0 != "?" }.split(separator: "/").last ?? ""
            return response(Int(last) ?? 200, "12345", ["X-Answer: a\"b", "Set-Cookie: s=1"])
        }
        let martlet = try RunningMartlet(
            """
            workers: 1
            listeners: [{address: 127.0.0.1:0, name: web}]
            routes: [{path: /a/*, upstream: app, name: first}, {path: /b/*, upstream: app}]
            upstreams: {app: {servers: ["\(origin.address)"]}}
            \(log)
            """)
        try body(martlet)
        try martlet.stop()
        return martlet.process.output.split(separator: "\n").map(String.init)
    }

    @Test func fieldsAreThoseOfTheListInItsOrder() throws {
        let names = [
            "status", "request.header.X-Tenant", "method", "path", "query", "listener", "route",
            "request.header.Authorization",
            "response.header.X-Answer", "response.header.Set-Cookie", "response.header.X-None", "upstream", "scheme",
            "request.header.X-Missing", "tries", "error", "client",
        ]
        let lines = try lines("accessLog: {fields: [\(names.joined(separator: ", "))]}") { martlet in
            let fields = ["X-Tenant: t\"1", "Authorization: Bearer secret"]
            #expect(try martlet.request("GET /a/201?x=1", fields).status == 201)
            #expect(try martlet.request("GET /none", []).status == 404)
            try martlet.connect().send("nonsense\r\n\r\n")
        }
        #expect(lines.count == 3)
        #expect(
            lines.first == """
                {"status":201,"request.header.x-tenant":"t\\"1","method":"GET","path":"/a/201","query":"x=1",\
                "listener":"web","route":"first","request.header.authorization":"***","response.header.x-answer":"a\\"b",\
                "response.header.set-cookie":"***","upstream":"app","scheme":"http","tries":1,"client":"127.0.0.1"}
                """)
        #expect(
            lines.dropFirst().first == """
                {"status":404,"method":"GET","path":"/none","listener":"web","scheme":"http","tries":0,\
                "error":"no route","client":"127.0.0.1"}
                """)
        for line in lines { _ = try AccessLogLine(line) }
        #expect(lines.last?.contains("\"status\":400") == true && lines.last?.contains("\"method\"") == false)
    }

    @Test func everyNameCanBeAskedFor() throws {
        let names = [
            "time", "client", "listener", "method", "host", "target", "path", "query", "scheme", "protocol", "tls",
            "referer",
            "user_agent", "request_id", "trace_id", "span_id", "status", "grpc_status", "bytes", "bytes_in", "encoding",
            "upgrade", "duration_us", "ttfb_us", "queue_us", "connect_us", "tls_us", "tries", "route", "user",
            "access_rule",
            "upstream", "server", "mirror", "leak", "error", "side", "phase",
        ]
        let lines = try lines("accessLog: {fields: [\(names.joined(separator: ", "))]}") { martlet in
            _ = try martlet.request("POST /b/503?q", ["User-Agent: test", "Referer: r"], content: "abc")
        }
        let line = try AccessLogLine(try #require(lines.first))
        for (key, value) in [
            ("method", "POST"), ("target", "/b/503?q"), ("protocol", "HTTP/1.1"), ("user_agent", "test"),
            ("referer", "r"),
            ("status", "503"), ("route", "/b/*"), ("upstream", "app"), ("listener", "web"),
        ] { #expect(line[key] == value, "\(key)") }
        for key in ["time", "request_id", "bytes", "bytes_in", "duration_us", "ttfb_us", "connect_us", "server"] {
            #expect(line[key]?.isEmpty == false, "\(key)")
        }
        for key in ["tls", "grpc_status", "user", "leak", "error"] { #expect(line[key] == nil, "\(key)") }
    }

    @Test func aLineOfText() throws {
        let format =
            "{client} - {user} {{{method} {target}}} {status} \"{request.header.User-Agent}\" {response.header.X-Answer}|"
        let lines = try lines("accessLog: {format: '\(format)'}") { martlet in
            _ = try martlet.request("GET /a/200", ["User-Agent: a\"b"])
            _ = try martlet.request("GET /x")
            try martlet.connect().send("nonsense\r\n\r\n")
        }
        #expect(
            lines == [
                "127.0.0.1 - - {GET /a/200} 200 \"a\\x22b\" a\\x22b|", "127.0.0.1 - - {GET /x} 404 \"-\" -|",
                "127.0.0.1 - - {- -} 400 \"-\" -|",
            ])
    }

    @Test func someRequestsHaveNoLine() throws {
        let log = """
            accessLog:
              fields: [target, status]
              exclude:
                - {path: /a/*, statuses: 200-399}
                - {path: [/b/skip, /b/none], when: {methods: [GET]}}
                - {statuses: 418}
            """
        let lines = try lines(log) { martlet in
            for path in ["/a/200", "/a/302", "/a/404", "/b/skip", "/b/200", "/b/418"] {
                _ = try martlet.request("GET " + path)
            }
            _ = try martlet.request("POST /b/skip", content: "a")
        }
        #expect(
            lines == [
                "{\"target\":\"/a/404\",\"status\":404}", "{\"target\":\"/b/200\",\"status\":200}",
                "{\"target\":\"/b/skip\",\"status\":200}",
            ])
    }

    @Test func aShareOfTheRequestsHasALineAndAllThatFail() throws {
        let lines = try lines("accessLog: {fields: [status], sample: 0.3}") { martlet in
            let client = try martlet.connect()
            for _ in 0..<600 { _ = try client.exchange("GET /a/200") }
            for _ in 0..<20 { _ = try client.exchange("GET /a/503") }
        }
        let good = lines.count { $0 == "{\"status\":200}" }
        #expect(lines.count - good == 20 && good > 100 && good < 280, "\(good)")
    }

    @Test func whatIsLeftOutIsCounted() throws {
        let origin = try Origin()
        let config = Configs.proxy(to: origin.server, "accessLog: {exclude: [{path: /metrics}, {path: /h}]}")
        try withMartlet(config) { martlet in
            for _ in 0..<3 { _ = try martlet.request("GET /h") }
            try eventually("three lines less") {
                (try martlet.metrics["martlet_access_log_lines_skipped_total"] ?? 0) >= 3
            }
            #expect(!martlet.process.output.contains("/metrics"))
        }
    }
}
