import MartletProxyConfig
import Testing

@testable import MartletControl
@testable import MartletProxy

@Suite struct AdminServiceTests {
    @Test func healthIsOneWord() async throws {
        let answer = try await AdminStage().answer("GET", "/healthz?anything=at+all&x")
        #expect(answer.status == 200 && answer.text == "ok\n")
        #expect(answer.contentType == "text/plain; charset=utf-8")
        let draining = try await AdminStage(isServing: false).answer("GET", "/healthz")
        #expect(draining.status == 503 && draining.text == "draining\n")
        #expect(try await AdminStage(isServing: false).answer("GET", "/metrics").status == 200)
    }

    @Test func itIsReadyFromTheStartUntilItLeaves() async throws {
        let stage = try AdminStage()
        #expect(await stage.answer("GET", "/readyz").text == "starting\n")
        stage.host.started()
        #expect(await stage.answer("GET", "/readyz").text == "ok\n")
        stage.host.onDrain {}
        #expect(stage.host.leave(after: .seconds(3600)))
        let leaving = await stage.answer("GET", "/readyz")
        #expect(leaving.status == 503 && leaving.text == "leaving\n")
        #expect(await stage.answer("GET", "/healthz").text == "ok\n")
        #expect(try await AdminStage(isServing: false).answer("GET", "/readyz").text == "draining\n")
    }

    @Test(
        arguments: [
            ("", false), ("*/*", false), ("text/plain", false), ("application/openmetrics-text", true),
            ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", true),
            ("application/openmetrics-text;q=0.2, text/plain;q=0.3", false),
            ("application/openmetrics-text;q=0", false),
        ])
    func theFormatIsTheOneThatIsAskedFor(accept: String, isOpen: Bool) async throws {
        let answer = try await AdminStage().answer("GET", "/metrics", ["accept": accept])
        #expect(answer.contentType.hasPrefix(isOpen ? "application/openmetrics-text; version=1.0.0" : "text/plain"))
    }

    @Test func drainingIsBegunOnce() async throws {
        let stage = try AdminStage()
        #expect(!stage.host.leave(after: .zero), "nobody runs it")
        await withCheckedContinuation { done in
            stage.host.onDrain { done.resume() }
            #expect(stage.host.leave(after: .zero))
            // A second call would resume twice, which traps.
            #expect(stage.host.leave(after: .zero))
        }
    }

    @Test(arguments: ["/healthz", "/metrics", "/readyz", "/v1/version"])
    func onlyReadingIsAllowed(path: String) async throws {
        let stage = try AdminStage()
        for method in ["POST", "PUT", "DELETE", "get", "OPTIONS"] {
            let answer = await stage.answer(method, path)
            #expect(answer.status == 405 && answer.allow == "GET, HEAD")
            #expect(answer.contentType == "application/problem+json")
        }
        #expect(await stage.answer("HEAD", path).allow == nil)
    }

    @Test func theRootSaysWhatThereIs() async throws {
        let text = try await AdminStage().answer("GET", "/").text
        #expect(text.contains(MartletVersion.string) && text.contains("GET    /healthz\n"))
        #expect(text.contains("PATCH  /v1/upstreams/{upstream}/servers/{server}\n"))
    }

    @Test(arguments: ["/metrics/", "/health", "//healthz", "", "/HEALTHZ", "/favicon.ico", "/v1", "/v1/", "/v2/status"])
    func nothingElseIsThere(path: String) async throws {
        let answer = try await AdminStage().answer("GET", path)
        #expect(answer.status == 404 && answer.json?["status"] == .integer(404))
    }

    @Test func theReplyComesByTheCallback() async throws {
        let service = try AdminStage().service
        let status = await withCheckedContinuation { done in
            service.respond(to: AdminRequest(method: "GET", path: "/healthz", query: "")) {
                done.resume(returning: $0.status)
            }
        }
        #expect(status == 200)
    }

    // MARK: Content

    @Test func contentIsReadFromWhoMaySaySomething() throws {
        let service = try AdminStage(rights: AdminRights(token: "secret")).service
        var request = AdminRequest(method: "PUT", path: "/v1/log-level", query: "")
        #expect(service.contentLimit(of: request) == 1 << 20)
        request.client = .remote(certificate: nil)
        #expect(service.contentLimit(of: request) == 0)
        request.fields = [("authorization", "Bearer secret")]
        #expect(service.contentLimit(of: request) == 1 << 20)
        for (method, path) in [("GET", "/v1/log-level"), ("PUT", "/v1/none"), ("PUT", "/healthz")] {
            #expect(service.contentLimit(of: AdminRequest(method: method, path: path, query: "")) == 0)
        }
    }

    @Test(arguments: [
        ("{", 400, "a member is missing"), ("[]", 422, "an object with level"), ("{}", 422, "/level"),
        (#"{"level":"loud"}"#, 422, "'trace'"), (#"{"level":"info","more":1}"#, 422, "/more"),
        (#"{"level":"info","level":"info"}"#, 400, "twice"), ("", 400, "no content"), (#"{"level":1}"#, 422, "/level"),
    ])
    func wrongContentIsToldWithItsPlace(content: String, status: Int, part: String) async throws {
        let answer = try await AdminStage().answer(
            "PUT", "/v1/log-level", content: content, ["content-type": "application/json"])
        #expect(answer.status == status && answer.text.contains(part), "\(answer.text)")
    }

    @Test func theTypeOfContentIsHeeded() async throws {
        let stage = try AdminStage()
        for type in ["text/plain", "", "application/x-www-form-urlencoded"] {
            let answer = await stage.answer(
                "PUT", "/v1/log-level", content: #"{"level":"debug"}"#, ["content-type": type])
            #expect(answer.status == 415)
        }
        let answer = await stage.answer(
            "PUT", "/v1/log-level", content: #"{"level":"debug"}"#,
            ["content-type": "Application/JSON; charset=utf-8"])
        #expect(answer.status == 200 && stage.host.levels.level == .debug)
    }

    @Test func tooMuchContentIsRefused() async throws {
        var request = AdminRequest(method: "PUT", path: "/v1/log-level", query: "")
        request.isTooLarge = true
        #expect(try await AdminStage().service.answer(request).status == 413)
    }

    // MARK: Conditions

    @Test func whatIsKnownIsNotSentAgain() async throws {
        let stage = try AdminStage()
        for path in ["/v1/version", "/v1/openapi.json", "/v1/config", "/v1/config?format=yaml", "/v1/log-level"] {
            let tag = try #require(await stage.answer("GET", path).field("ETag"))
            #expect(await stage.answer("GET", path, ["if-none-match": tag]).status == 304)
            #expect(await stage.answer("GET", path, ["if-none-match": "\"x\", W/\(tag)"]).status == 304)
            #expect(await stage.answer("GET", path, ["if-none-match": "\"x\""]).status == 200)
        }
    }

    @Test func editsHeedWhatIsExpected() async throws {
        let stage = try AdminStage()
        let type = ["content-type": "application/json"]
        let tag = try #require(await stage.answer("GET", "/v1/log-level").field("ETag"))
        func set(_ level: String, _ match: String) async -> LocalAnswer {
            let fields = type.merging(["if-match": match]) { $1 }
            return await stage.answer("PUT", "/v1/log-level", content: #"{"level":"\#(level)"}"#, fields)
        }
        #expect(await set("error", "\"other\"").status == 412)
        #expect(await set("error", "W/" + tag).status == 412, "a weak tag is no proof")
        let changed = await set("error", tag)
        #expect(changed.status == 200 && changed.field("ETag") != tag)
        #expect(await set("debug", tag).status == 412)
        #expect(await set("debug", "*").status == 200)
    }

    @Test(arguments: [
        ("/v1/servers?none=1", "there is no parameter 'none'; there are upstream"),
        ("/v1/connections?limit=1&limit=2", "twice"), ("/v1/connections?limit=10001", "between 0 and 10000"),
        ("/v1/connections?limit=x", "between 0 and 10000"), ("/v1/connections?limit=%zz", "percent-encoded"),
        ("/v1/version?x", "there are none here"), ("/v1/config?format=xml", "'yaml'"),
    ])
    func wrongQueriesAreTold(target: String, part: String) async throws {
        let answer = try await AdminStage().answer("GET", target)
        #expect(answer.status == 400 && answer.text.contains(part), "\(answer.text)")
    }

    @Test func withoutSomebodyWhoRunsItNothingIsReloaded() async throws {
        let stage = try AdminStage()
        #expect(await stage.answer("POST", "/v1/config/reload").status == 409)
        #expect(await stage.answer("POST", "/v1/drain").status == 503)
        let add = await stage.answer(
            "POST", "/v1/upstreams/app/servers", content: #"{"address":"127.0.0.1:9"}"#,
            ["content-type": "application/json"])
        #expect(add.status == 503)
    }
}
