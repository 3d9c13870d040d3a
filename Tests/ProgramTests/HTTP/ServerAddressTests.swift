// The ways to write a server's address, and a listener's.
import Foundation
import MartletTestSupport
import Testing

@Suite struct ServerAddressTests {
    @Test func aUnixSocketServer() throws {
        let folder = try TestFolder()
        let origin = try Origin(path: folder.path("app.sock"))
        try withMartlet(Configs.proxy(to: ["unix:" + folder.path("app.sock")])) { martlet in
            let texts = try (0..<2).map { _ in try martlet.request("GET /unix").text }
            #expect(texts == ["/unix", "/unix"])
            #expect(origin.server.connectionCount == 1)
            #expect(try martlet.accessLogLine(target: "/unix")["server"] == "unix:" + folder.path("app.sock"))
        }
    }

    @Test func aUnixSocketListener() throws {
        let origin = try Origin()
        let config = """
            workers: 2
            listeners: [{address: "unix:FOLDER/in.sock", name: local}]
            routes: [{upstream: app}]
            upstreams: {app: {servers: ["\(origin.address)"]}}
            """
        let martlet = try RunningMartlet(config)
        let path = martlet.folder.path("in.sock")
        #expect(martlet.addresses.first?.address == "unix:" + path)
        for number in 0..<10 {
            let client = try TestSocket(path: path)
            #expect(try client.exchange("GET /\(number)", ["X-Forwarded-For: 203.0.113.7"]).text == "/\(number)")
        }
        // Whoever may open the path is one of us: what it says of the client is kept, and nothing can be added.
        #expect(try origin.lastRequest["X-Forwarded-For"] == "203.0.113.7")
        #expect(try origin.lastRequest["Forwarded"] == "for=unknown;host=\"test\";proto=http")
        try martlet.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aServerByName() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: ["localhost:\(origin.server.port)"])) { martlet in
            try martlet.process.waitForOutput(containing: "server's name resolved", on: .errors)
            try eventually("the loop has the address") { try martlet.request("GET /").status == 200 }
            let line = try martlet.accessLogLine(target: "/")
            #expect(line["server"] == "localhost:\(origin.server.port)")
            #expect(try martlet.metrics["martlet_dns_lookups_total{result=\"ok\"}"] ?? 0 >= 1)
        }
    }

    @Test func aNameThatDoesNotResolveHoldsUpNobodyElse() throws {
        let origin = try Origin()
        let config = """
            listeners: [{address: "127.0.0.1:0"}]
            routes: [{upstream: lost, path: /lost}, {upstream: app, path: /app}]
            upstreams:
              lost: {servers: ["no-such-host.invalid:80"], queue: {noServerTimeout: 0s}}
              app: {servers: ["\(origin.address)"]}
            """
        try withMartlet(config) { martlet in
            #expect(try martlet.request("GET /app").status == 200)
            let answer = try martlet.request("GET /lost")
            #expect(answer.status == 503 && answer["Retry-After"] != nil)
            let line = try martlet.accessLogLine(target: "/lost")
            #expect(line["error"] == "no server can be reached" && line["side"] == "proxy")
        }
    }

    private static let hasIPv6 = FileManager.default.contents(atPath: "/proc/net/if_inet6").map {
        String(decoding: $0, as: UTF8.self).contains("00000000000000000000000000000001 ")
    }

    /// Two proxies in a row: the outer one is an IPv6 client of the inner one.
    @Test(.enabled(if: hasIPv6 == true, "this host has no ::1"))
    func iPv6OnBothSides() throws {
        let origin = try Origin()
        let inner = try RunningMartlet(
            """
            trustedProxies: ["::1"]
            listeners: [{address: "[::1]:0"}]
            routes: [{upstream: app}]
            upstreams: {app: {servers: ["\(origin.address)"]}}
            """)
        let server = try #require(inner.addresses.first).address
        #expect(server.hasPrefix("[::1]:"))
        try withMartlet(Configs.proxy(to: [server])) { outer in
            let answer = try outer.request("GET /")
            #expect(answer["Via"] == "1.1 martlet, 1.1 martlet")
            let request = try origin.lastRequest
            #expect(request["X-Forwarded-For"] == "127.0.0.1, ::1")
            let chain = "for=127.0.0.1;host=\"test\";proto=http, for=\"[::1]\";host=\"test\";proto=http"
            #expect(request["Forwarded"] == chain)
            // The outer one is trusted, and names its client.
            #expect(try inner.accessLogLine(target: "/")["client"] == "127.0.0.1")
            #expect(try outer.accessLogLine(target: "/")["server"] == server)
        }
        try inner.stop()
    }
}
