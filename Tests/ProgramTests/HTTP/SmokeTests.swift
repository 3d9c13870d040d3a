import MartletTestSupport
import Testing

@Suite struct SmokeTests {
    @Test func passesARequestOn() throws {
        let origin = try Origin { response(200, "hello from " + $0.target) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let response = try martlet.request("GET /a?b=c")
            #expect(response.status == 200)
            #expect(response.text == "hello from /a?b=c")
            #expect(try origin.lastRequest["Host"] == "test")
            #expect(try martlet.accessLogLine(target: "/a?b=c")["status"] == "200")
            try martlet.waitForMetric("martlet_responses_total{class=\"2xx\"}", 1)
        }
    }
}
