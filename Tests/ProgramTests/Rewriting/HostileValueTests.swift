// Values that want to be more than values: whatever a client or a server sends, a head has the lines that the config says.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct HostileValueTests {
    private static let config = """
        routes:
          - path: /respond
            redirect: "https://a.test{path}?f={field.x-in}&c={cookie.c}&q={query.q}&h={host}&m={request.method}"
            responseFields: { set: { X-Out: "VALUES" } }
          - path: /*
            upstream: app
            rewrite:
              path: "/x/{field.x-in}/{cookie.c}/{query.q}"
              query: { set: { v: "{field.x-in}{cookie.c}{query.q}" } }
            requestFields: { set: { X-Out: "VALUES" } }
            responseFields: { set: { X-Out: "VALUES" } }
        """
    private static let values = "{field.x-in}|{cookie.c}|{query.q}|{host}|{request.method}|{uri}|{request.id}"

    private func config(_ server: String) -> String {
        """
        workers: 1
        trustedProxies: [127.0.0.1]
        listeners: [{ address: "127.0.0.1:0" }]
        \(Self.config.replacing("VALUES", with: Self.values))
        upstreams: { app: { servers: ["\(server)"] } }
        accessLog: off
        """
    }

    /// Every byte in a field, a cookie, a parameter and an id: the request is refused, or nothing of it becomes a line.
    @Test func noByteBecomesALine() throws {
        let origin = try Origin { _ in response(200, "", ["X-Server: yes"]) }
        try withMartlet(config(origin.address)) { martlet in
            for byte in UInt8.min...UInt8.max {
                for target in ["/", "/respond"] {
                    let answer = try ask(martlet, target, with: byte)
                    if answer.status == 400 { continue }
                    #expect(answer.status == (target == "/" ? 200 : 302), "\(byte)")
                    #expect(answer.values("X-Injected").isEmpty && answer.values("X-Out").count == 1, "\(byte)")
                    #expect(answer["Location"]?.utf8.allSatisfy { (0x21...0x7E).contains($0) } ?? true, "\(byte)")
                }
            }
            #expect(!origin.requests.isEmpty)
            for request in origin.requests {
                #expect(request.values("X-Injected").isEmpty && request.values("X-Out").count == 1)
                #expect(request.target.utf8.allSatisfy { (0x21...0x7E).contains($0) })
                #expect(request.target.hasPrefix("/x/"))
            }
        }
    }

    private func ask(_ martlet: RunningMartlet, _ target: String, with byte: UInt8) throws -> HTTPResponse {
        let client = try martlet.connect()
        let head = "GET \(target)?q=1%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n"
        var bytes = Array(head.utf8)
        for field in ["X-In: a", "Cookie: c=b", "X-Request-ID: i"] {
            bytes += Array(field.utf8) + [byte] + Array("X-Injected: 1\r\n".utf8)
        }
        try client.send(bytes + Array("\r\n".utf8))
        return try client.readResponse()
    }

    /// A value that is put in many times makes a head too large, which has an answer on both sides.
    @Test func aHeadThatGrowsTooLargeIsAnswered() throws {
        let many = String(repeating: "{field.x-in}", count: 40)
        let origin = try Origin { _ in response(200, "") }
        let text = """
            workers: 1
            listeners: [{ address: "127.0.0.1:0" }]
            admin: { address: "127.0.0.1:0" }
            routes:
              - { path: /request, upstream: app, requestFields: { set: { X-Out: "\(many)" } } }
              - { path: /response, upstream: app, responseFields: { set: { X-Out: "\(many)" } } }
              - { path: /answer, respond: { status: 200 }, responseFields: { set: { X-Out: "\(many)" } } }
              - { path: /redirect, redirect: "/\(many)" }
            upstreams: { app: { servers: ["\(origin.address)"] } }
            accessLog: off
            """
        try withMartlet(text) { martlet in
            let large = "X-In: " + String(repeating: "x", count: 8_000)
            for (path, status) in [("/request", 431), ("/response", 502), ("/answer", 431), ("/redirect", 431)] {
                let answer = try martlet.request("GET " + path, [large])
                #expect(answer.status == status, "\(path)")
                #expect(answer.values("X-Out").isEmpty && answer.text.contains("Request id: "), "\(path)")
                let next = try martlet.request("GET " + path, ["X-In: x"])
                #expect(next.status < 400, "\(path)")
            }
        }
    }

    /// What a server sends in place of what is set, under names that mean the same, does not pass either way.
    @Test func doubledFieldsAreReplacedAll() throws {
        let origin = try Origin { _ in response(200, "", ["X-Out: 1", "x-out: 2", "X-OUT: 3"]) }
        try withMartlet(config(origin.address)) { martlet in
            let answer = try martlet.request("GET /a", ["X-Out: 1", "x-out: 2", "X_OUT: 3", "X-In: value"])
            #expect(answer.values("X-Out").count == 1 && answer["X-Out"]?.hasPrefix("value|") == true)
            let request = try origin.lastRequest
            #expect(request.fields.filter { $0.name.lowercased().replacing("_", with: "-") == "x-out" }.count == 1)
            #expect(request["X-Out"]?.hasPrefix("value|") == true)
        }
    }
}
