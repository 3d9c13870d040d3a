// Times in which nobody is served, or only some are.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct MaintenanceTests {
    private func start(_ config: String) throws -> RunningMartlet {
        let folder = try TestFolder()
        try folder.write("<h1>sorry</h1>\n", to: "sorry.html")
        try folder.write("a:1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032\n", to: "keys")
        return try RunningMartlet(config, folder: folder)
    }

    private func config(_ maintenance: String, _ origin: Origin, routes: String = "", upstream: String = "") -> String {
        """
        workers: 1
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        \(maintenance)
        routes:
          - {path: /*, host: test, upstream: app}
        \(routes)
        upstreams:
          app:
            servers: ["\(origin.address)"]
        \(upstream)
        """
    }

    /// As the route has its responses compressed; where there is no route, nothing is.
    @Test func pagesAreCompressed() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        let page = "<h1>sorry</h1>\n" + String(repeating: "<p>We are back in a moment.</p>\n", count: 100)
        try folder.write(page, to: "sorry.html")
        let martlet = try RunningMartlet(
            config(
                "compression: on\nmaintenance: {file: FOLDER/sorry.html}", origin,
                routes: "  - {path: /plain, host: test, upstream: app, compression: off}"), folder: folder)
        let coded = try martlet.request("GET /", ["Accept-Encoding: gzip"])
        #expect(coded.status == 503 && coded["Content-Encoding"] == "gzip" && coded["Vary"] == "Accept-Encoding")
        #expect(coded.content.count < page.utf8.count / 4 && coded["Content-Length"] == "\(coded.content.count)")
        let head = try martlet.request("HEAD /", ["Accept-Encoding: gzip"])
        #expect(head["Content-Length"] == "\(coded.content.count)" && head["Content-Encoding"] == "gzip")
        let url = "http://127.0.0.1:\(try martlet.port())/"
        let read = try ChildProcess.run("curl", ["-s", "-H", "Host: test", "--compressed", url])
        #expect(read.output == page)
        let plain = try martlet.request("GET /")
        #expect(plain.text == page && plain["Content-Encoding"] == nil && plain["Vary"] == "Accept-Encoding")
        for fields in [["Accept-Encoding: gzip", "Host: nobody"], ["Accept-Encoding: gzip"]] {
            let path = fields.count == 2 ? "/" : "/plain"
            let answer = try martlet.request("GET \(path)", fields)
            #expect(answer.text == page && answer["Content-Encoding"] == nil && answer["Vary"] == nil)
        }
        #expect(try martlet.accessLogLine(target: "/")["encoding"] == "gzip")
        try martlet.stop()
    }

    @Test func allButSome() throws {
        let origin = try Origin { _ in response(200, "app") }
        let martlet = try start(
            config(
                "maintenance: {file: FOLDER/sorry.html, status: 503, retryAfter: 10m, except: {clients: 10.0.0.0/8}}",
                origin,
                routes: "  - {path: /status, host: test, respond: {body: up}, maintenance: off}"))
        let answer = try martlet.request("GET /x")
        #expect(answer.status == 503 && answer.text == "<h1>sorry</h1>\n" && answer["Retry-After"] == "600")
        #expect(answer["Content-Type"] == "text/html; charset=utf-8" && answer["Cache-Control"] == "no-store")
        let head = try martlet.request("HEAD /x")
        #expect(head.status == 503 && head.content.isEmpty && head["Content-Length"] == "15")
        #expect(try martlet.request("POST /x", content: "abc").status == 503)
        // Those that no route is for as well.
        #expect(try martlet.request("GET /x", ["Host: nobody"]).text == "<h1>sorry</h1>\n")
        #expect(try martlet.request("GET /status").text == "up")
        let call = try martlet.request("POST /a.B/C", ["Content-Type: application/grpc", "TE: trailers"])
        #expect(call.status == 200 && call["grpc-status"] == "14")
        let socket = try martlet.connect()
        #expect(try socket.exchange("GET /1").status == 503)
        #expect(try socket.exchange("GET /2").status == 503)
        let upgrade = try martlet.request(
            "GET /ws",
            [
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            ])
        #expect(upgrade.status == 503)
        let line = try martlet.accessLogLine(target: "/x")
        #expect(line["error"] == "maintenance" && line["side"] == "proxy")
        #expect(try martlet.metrics["martlet_maintenance_answers_total"] == 8)
        try martlet.stop()
    }

    @Test func exceptThisClient() throws {
        let origin = try Origin { _ in response(200, "app") }
        let martlet = try start(config("maintenance: {except: {clients: [10.0.0.0/8, 127.0.0.1]}}", origin))
        #expect(try martlet.request("GET /").text == "app")
        try martlet.stop()
    }

    @Test func itBeginsAndEnds() throws {
        let origin = try Origin { _ in response(200, "app") }
        let martlet = try start(
            config(
                "maintenance: {file: FOLDER/sorry.html, whenFile: FOLDER/mark, status: 500, retryAfter: off}", origin))
        #expect(try martlet.request("GET /").text == "app")
        try martlet.folder.write("", to: "mark")
        try eventually("it begins") { try martlet.request("GET /").status == 500 }
        let page = try martlet.request("GET /")
        #expect(page.text == "<h1>sorry</h1>\n" && page["Retry-After"] == nil)
        try martlet.folder.write("<h1>soon</h1>\n", to: "sorry.html")
        try eventually("the page is read again") { try martlet.request("GET /").text == "<h1>soon</h1>\n" }
        let call = try martlet.request("POST /a.B/C", ["Content-Type: application/grpc", "TE: trailers"])
        #expect(call["grpc-status"] == "14")
        try FileManager.default.removeItem(atPath: martlet.folder.path("mark"))
        try eventually("it ends") { try martlet.request("GET /").text == "app" }
        #expect(martlet.errors.contains("maintenance begins") && martlet.errors.contains("maintenance ends"))
        try martlet.stop()
    }

    @Test func ofOneRouteOrUpstream() throws {
        let origin = try Origin { _ in response(200, "app") }
        let martlet = try start(
            config(
                "", origin,
                routes: """
                      - {path: /shop/*, host: test, upstream: app, maintenance: {retryAfter: 1h}}
                      - {path: /other/*, host: test, upstream: other}
                      - {path: /both/*, host: test, split: {upstreams: {other: 1, app: 0}}}
                      - {path: /all-the-same/*, host: test, upstream: other, maintenance: off}
                    """,
                upstream: """
                      other:
                        servers: ["\(origin.address)"]
                        maintenance: {file: FOLDER/sorry.html}
                    """))
        #expect(try martlet.request("GET /").text == "app")
        let shop = try martlet.request("GET /shop/", ["Accept: application/json"])
        #expect(shop.status == 503 && shop["Retry-After"] == "3600" && shop.text.contains("\"status\":503"))
        #expect(try martlet.request("GET /other/").text == "<h1>sorry</h1>\n")
        #expect(try martlet.request("GET /both/").text == "<h1>sorry</h1>\n")
        #expect(try martlet.request("GET /all-the-same/").text == "app")
        try martlet.stop()
    }

    @Test func behindTheRulesAndBeforeThePassword() throws {
        let origin = try Origin { _ in response(200, "app") }
        let martlet = try start(
            config(
                """
                maintenance: {file: FOLDER/sorry.html}
                access: [{action: deny, path: /denied}]
                auth: {apiKeys: {file: FOLDER/keys}}
                """, origin))
        #expect(try martlet.request("GET /denied").status == 403)
        #expect(try martlet.request("GET /").status == 503)
        try martlet.stop()
    }
}
