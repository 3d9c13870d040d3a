import Testing

@testable import MartletControl
@testable import MartletProxy

@Suite struct AdminServiceTests {
    private func answer(_ method: String, _ path: String, isServing: Bool = true) -> LocalAnswer {
        let service = AdminService(metrics: { Array("figures\n".utf8) }, isServing: { isServing })
        return service.answer(AdminRequest(method: method, path: path, query: "q=1"))
    }

    private func text(_ answer: LocalAnswer) -> String { String(decoding: answer.content, as: UTF8.self) }

    @Test func healthIsOneWord() {
        #expect(answer("GET", "/healthz").status == 200)
        #expect(text(answer("GET", "/healthz")) == "ok\n")
        #expect(answer("GET", "/healthz").contentType == "text/plain; charset=utf-8")
    }

    @Test func whileDrainingItIsNotHealthy() {
        #expect(answer("GET", "/healthz", isServing: false).status == 503)
        #expect(text(answer("GET", "/healthz", isServing: false)) == "draining\n")
        #expect(answer("GET", "/metrics", isServing: false).status == 200)
    }

    @Test func metricsAreThoseOfTheCaller() {
        let metrics = answer("GET", "/metrics")
        #expect(metrics.status == 200 && text(metrics) == "figures\n")
        #expect(metrics.contentType == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test(arguments: ["/healthz", "/metrics"])
    func onlyReadingIsAllowed(path: String) {
        for method in ["POST", "PUT", "DELETE", "get", "OPTIONS"] {
            #expect(answer(method, path).status == 405)
            #expect(answer(method, path).allow == "GET, HEAD")
        }
        // The driver leaves the content of an answer to HEAD away.
        #expect(answer("HEAD", path).status == 200)
        #expect(answer("HEAD", path).allow == nil)
    }

    @Test func theRootSaysWhatThereIs() {
        #expect(text(answer("GET", "/")).contains("/healthz\n/metrics\n"))
        #expect(text(answer("GET", "/")).contains(MartletVersion.string))
    }

    @Test(arguments: ["/metrics/", "/health", "//healthz", "", "/HEALTHZ", "/favicon.ico"])
    func nothingElseIsThere(path: String) { #expect(answer("GET", path).status == 404) }

    @Test func theReplyComesByTheCallback() async {
        let service = AdminService(metrics: { [] }, isServing: { true })
        let status = await withCheckedContinuation { done in
            service.respond(to: AdminRequest(method: "GET", path: "/healthz", query: "")) {
                done.resume(returning: $0.status)
            }
        }
        #expect(status == 200)
    }
}
