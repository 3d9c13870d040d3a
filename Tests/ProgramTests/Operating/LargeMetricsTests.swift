import MartletTestSupport
import Testing

/// Pages of metrics that are some megabytes.
@Suite(.timeLimit(.minutes(20))) struct LargeMetricsTests {
    private func config(_ origin: Origin, servers: Int) -> String {
        let list = (1...servers).map { "'127.1.0.\($0 % 250):\(10_000 + $0)'" }.joined(separator: ", ")
        return """
            workers: 1
            listeners: [{address: '127.0.0.1:0', name: web}]
            admin: {address: '127.0.0.1:0', hosts: [test]}
            routes: [{path: /many, upstream: many}, {upstream: app}]
            upstreams:
              many: {servers: [\(list)]}
              app: {servers: ['\(origin.address)']}
            """
    }

    @Test(arguments: ["text/plain", "application/openmetrics-text"])
    func theyComeWhole(accept: String) throws {
        let origin = try Origin()
        try withMartlet(config(origin, servers: 500)) { martlet in
            let admin = try martlet.connect(to: "admin")
            for _ in 0..<3 {
                let page = try admin.exchange("GET /metrics", ["Accept: " + accept])
                #expect(page.status == 200 && page.content.count > 1_500_000)
                #expect(page.text.hasSuffix(accept == "text/plain" ? "\n" : "\n# EOF\n"))
                let series = page.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                #expect(Set(series.map { $0.prefix { $0 != " " } }).count == series.count)
                #expect(series.count { $0.hasPrefix("martlet_server_response_seconds_count{") } == 501)
            }
        }
    }

    /// The loop that sends it serves everybody else meanwhile, and the one who takes it late gets it all.
    @Test func whoDoesNotTakeThemKeepsNobodyWaiting() throws {
        let origin = try Origin()
        try withMartlet(config(origin, servers: 500)) { martlet in
            let slow = try martlet.connect(to: "admin", receiveBuffer: 4_096)
            try slow.send(requestText("GET /metrics") + requestText("GET /healthz"))
            for number in 0..<50 { #expect(try martlet.request("GET /\(number)").text == "/\(number)") }
            let page = try slow.readResponse()
            #expect(page.status == 200 && page.content.count > 1_500_000)
            #expect(try slow.readResponse().text == "ok\n")
        }
    }
}
