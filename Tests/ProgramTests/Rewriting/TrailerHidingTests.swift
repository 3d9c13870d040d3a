// What trailers tell of the servers, and what the addresses do that servers' names lead to.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct TrailerHidingTests {
    private func config(_ server: String, _ leaks: String) -> String {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        admin: { address: "127.0.0.1:0" }
        routes:
          - upstream: app
            responseFields: { remove: [X-Inner], set: { X-Own: mine } }
            hideOrigin: { fields: [X-Node], leaks: \(leaks) }
          - { path: /off, upstream: app, hideOrigin: off }
        upstreams: { app: { servers: ["\(server)", "10.1.2.3:80"], balance: first } }
        """
    }

    private static let trailers =
        "X-Node: a\r\nX-Inner: b\r\nx-own: theirs\r\nX-Sum: 7\r\nX-Via: at 10.1.2.3\r\nX-Other: http://10.1.2.3/\r\n"

    @Test(arguments: ["count", "log", "block"])
    func trailersHideWhatHeadsHide(leaks: String) throws {
        let origin = try Origin { _ in
            response(200, "1\r\nx\r\n0\r\n" + Self.trailers + "\r\n", ["Transfer-Encoding: chunked"])
        }
        try withMartlet(config(origin.address, leaks)) { martlet in
            let answer = try martlet.request("GET /", ["TE: trailers", "Connection: TE"])
            let shown = [HTTPField("X-Via", "at 10.1.2.3"), HTTPField("X-Other", "http://10.1.2.3/")]
            #expect(answer.status == 200 && answer.text == "x" && answer["X-Own"] == "mine")
            #expect(answer.trailers == [HTTPField("X-Sum", "7")] + (leaks == "block" ? [] : shown))
            #expect(try martlet.metrics["martlet_origin_leaks_total"] == 1)
            #expect(try martlet.accessLogLine(target: "/")["leak"] == (leaks == "count" ? nil : "X-Via"))
            let off = try martlet.request("GET /off", ["TE: trailers", "Connection: TE"])
            #expect(off.trailers.count == 6)
        }
    }

    /// A head that shows it too is one response that does.
    @Test func aResponseIsCountedOnce() throws {
        let origin = try Origin { _ in
            response(200, "0\r\n" + Self.trailers + "\r\n", ["Transfer-Encoding: chunked", "X-By: 10.1.2.3"])
        }
        try withMartlet(config(origin.address, "log")) { martlet in
            _ = try martlet.request("GET /")
            #expect(try martlet.metrics["martlet_origin_leaks_total"] == 1)
            #expect(try martlet.accessLogLine(target: "/")["leak"] == "X-By")
        }
    }

    /// By HTTP/2 on both sides, where calls end with trailers: their status stays.
    @Test func callsHideItToo() throws {
        let server = try CallServer { call, event in
            if event != .ended { return }
            try call.message("hello")
            try call.end(
                14,
                [HTTPField("grpc-message", "no way to 10.1.2.3:80"), HTTPField("server", "x"), HTTPField("x-sum", "7")])
        }
        let hiding = "hideOrigin: { leaks: block }"
        let upstream = ["balance: first"]
        try CallStage.run([server.address, "10.1.2.3:80"], upstream: upstream, hiding) { martlet, client throws in
            let result = try client.call(1)
            #expect(result.messages == ["hello"] && result.status == 14 && result["x-sum"] == "7")
            #expect(result["grpc-message"] == nil && result["server"] == nil)
            try martlet.waitForMetric("martlet_origin_leaks_total", 1)
        }
    }

    /// A server that is named by its name shows its address: where the name leads is known as soon as it is looked up.
    @Test func addressesOfNamesAreLeaksAndReferences() throws {
        let address = Monitor("")
        let origin = try Origin { request in
            if request.target == "/reference" { return response(302, "", ["Location: http://\(address.value)/x"]) }
            return response(200, "", request.target == "/leak" ? ["X-By: \(address.value)"] : [])
        }
        address.change { $0 = origin.address }
        let text = config("localhost:\(origin.server.port)", "block").replacing(", \"10.1.2.3:80\"", with: "")
        try withMartlet(text) { martlet in
            try eventually("resolved") { try martlet.request("GET /").status == 200 }
            let (leak, reference) = (try martlet.request("GET /leak"), try martlet.request("GET /reference"))
            #expect(leak.status == 502 && !leak.text.contains(origin.address))
            #expect(reference.status == 302 && reference["Location"] == "/x")
            #expect(try martlet.metrics["martlet_origin_leaks_total"] == 1)
        }
    }
}
