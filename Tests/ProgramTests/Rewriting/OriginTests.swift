// What clients learn of the servers: nothing, and what operators learn when they would have.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct OriginTests {
    private func config(_ server: String, _ hiding: String) -> String {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        admin: { address: "127.0.0.1:0" }
        routes: [{ upstream: app }]
        upstreams: { app: { servers: ["\(server)", "app.internal:9001", "10.1.2.3:80"], balance: first } }
        hideOrigin: \(hiding)
        """
    }

    private static let leaks = [
        "X-Served-By: SERVER", "X-Backend: http://10.1.2.3/x", "X-Cache: hit from App.Internal (x)",
        "Via: 1.1 app.internal", "Set-Cookie: a=10.1.2.3; Path=/", "X-Debug: [10.1.2.3]:80",
    ]
    private static let harmless = [
        "X-Served-By: 10.1.2.30", "X-A: 110.1.2.3", "X-A: 127.0.0.1", "X-A: my-app.internal", "X-A: www.app.internal",
        "Location: http://10.1.2.3/x", "Set-Cookie: a=b; Domain=app.internal",
    ]

    private func leakingOrigin(_ lines: [String]) throws -> (Origin, Monitor<String>) {
        let address = Monitor("")
        let origin = try Origin { request in
            let number = Int(request.target.dropFirst()) ?? 0
            return response(200, "", [lines[number].replacing("SERVER", with: address.value)])
        }
        address.change { $0 = origin.address }
        return (origin, address)
    }

    @Test func leaksAreCounted() throws {
        let lines = Self.leaks + Self.harmless
        let (origin, _) = try leakingOrigin(lines)
        try withMartlet(config(origin.address, "{}")) { martlet in
            for number in lines.indices {
                let answer = try martlet.request("GET /\(number)")
                let count = Double(min(number + 1, Self.leaks.count))
                let counted = try martlet.metrics["martlet_origin_leaks_total"]
                #expect(answer.status == 200 && counted == count, "\(lines[number])")
            }
            let line = try martlet.accessLogLine(target: "/0")
            #expect(line["leak"] == nil)
        }
    }

    @Test func leaksAreLogged() throws {
        let (origin, _) = try leakingOrigin(Self.leaks)
        try withMartlet(config(origin.address, "{ leaks: log }")) { martlet in
            for number in Self.leaks.indices {
                let answer = try martlet.request("GET /\(number)")
                let name = Self.leaks[number].prefix { $0 != ":" }
                let line = try martlet.accessLogLine(target: "/\(number)")
                #expect(answer.status == 200 && line["leak"] == String(name))
            }
        }
    }

    @Test func leaksAreBlocked() throws {
        let lines = Self.leaks + Self.harmless
        let (origin, _) = try leakingOrigin(lines)
        try withMartlet(config(origin.address, "{ leaks: block }")) { martlet in
            for number in lines.indices {
                let answer = try martlet.request("GET /\(number)")
                let isLeak = number < Self.leaks.count
                #expect(answer.status == (isLeak ? 502 : 200), "\(lines[number])")
                let all = answer.fields.map { $0.value }.joined(separator: "\n") + answer.text
                #expect(!isLeak || !all.contains("10.1.2.3") && !all.lowercased().contains("app.internal"))
            }
            let line = try martlet.accessLogLine(target: "/0")
            #expect(line["error"] == "response shows where its server stands" && line["leak"] == "X-Served-By")
        }
    }

    @Test func nobodyLooksWhenItIsOff() throws {
        let (origin, _) = try leakingOrigin(Self.leaks)
        for hiding in ["off", "{ leaks: off }"] {
            try withMartlet(config(origin.address, hiding)) { martlet in
                let answer = try martlet.request("GET /0")
                let counted = try martlet.metrics["martlet_origin_leaks_total"]
                #expect(answer.status == 200 && counted == 0)
            }
        }
    }

    @Test func theNearestWordCounts() throws {
        let origin = try Origin { _ in response(200, "", ["Server: x", "X-A: y"]) }
        let text = """
            workers: 1
            listeners: [{ address: "127.0.0.1:0" }]
            hideOrigin: { fields: [X-A] }
            routes:
              - { path: /top, upstream: top }
              - { path: /upstream, upstream: own }
              - { path: /route, upstream: own, hideOrigin: { fields: [Server, X-A] } }
              - { path: /off, upstream: own, hideOrigin: off }
            upstreams:
              top: { servers: ["\(origin.address)"] }
              own: { servers: ["\(origin.address)"], hideOrigin: {} }
            accessLog: off
            """
        try withMartlet(text) { martlet in
            let shown = try ["/top", "/upstream", "/route", "/off"].map { path in
                let answer = try martlet.request("GET " + path)
                return [answer["Server"], answer["X-A"]]
            }
            #expect(shown == [["x", nil], [nil, "y"], [nil, nil], ["x", "y"]])
        }
    }

    /// The connection serves again where the replaced content had come whole, and the next answer is the right one.
    @Test func replacedPagesLeaveTheServerAlone() throws {
        let origin = try Origin { request in
            if request.target == "/chunked" {
                return "HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ninside\r\n0\r\n\r\n"
            }
            return request.target == "/fails" ? response(500, "inside at Main.java") : response(200, "fine")
        }
        let text = """
            workers: 1
            listeners: [{ address: "127.0.0.1:0" }]
            admin: { address: "127.0.0.1:0" }
            routes: [{ upstream: app, responseFields: { set: { X-Path: "{path}" } } }]
            upstreams: { app: { servers: ["\(origin.address)"], ejection: off } }
            hideOrigin: { replaceErrors: [500-599] }
            """
        try withMartlet(text) { martlet in
            let client = try martlet.connect()
            for target in ["/fails", "/", "/fails", "/chunked", "/"] {
                let answer = try client.exchange("GET " + target, ["Accept: text/html"])
                #expect(answer.status == (target == "/" ? 200 : 500))
                #expect(!answer.text.contains("inside") && answer["X-Path"] == target)
                #expect(target == "/" ? answer.text == "fine" : answer.text.contains("<h1>500"))
            }
            #expect(origin.server.connectionCount == 2)
            let counted = try martlet.metrics["martlet_origin_errors_replaced_total"]
            let line = try martlet.accessLogLine(target: "/fails")
            #expect(counted == 3 && line["error"] == nil && line["status"] == "500")
        }
    }
}
