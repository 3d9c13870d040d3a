// Another service says who comes in.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ForwardTests {
    private static func config(_ app: Origin, _ forward: String, _ more: String = "") -> String {
        AdmissionConfigs.asking("{forward: {\(forward)}}", before: app, more)
    }

    /// Runs a proxy that asks `service`; `settings` are more of it.
    private static func run(
        _ service: Origin, _ settings: String = "", app: Origin? = nil, _ more: String = "",
        _ test: (RunningMartlet) throws -> Void
    ) throws {
        let app = try app ?? Origin()
        let forward = "url: 'http://\(service.address)/check?from=martlet'" + (settings.isEmpty ? "" : ", " + settings)
        try withExtendedLifetime(app) { try withMartlet(config(app, forward, more), test) }
    }

    // MARK: The question

    @Test func theServiceIsToldOfTheRequest() throws {
        let service = try Origin { _ in response(200, "", ["X-Role: admin", "X-User: ann", "X-Role: ops", "X-Else: 1"])
        }
        let app = try Origin()
        try Self.run(service, "copyFields: [X-Role], userField: X-User, originalFields: true", app: app) {
            martlet throws in
            let sent = [
                "Host: shop.test", "Cookie: session=1", "X-Role: root", "x_role: root", "X-User: root", "X-Mine: yes",
                "X-Forwarded-Uri: /other", "X_Forwarded_Method: GET", "X-Forwarded-For: 1.2.3.4", "Range: bytes=0-1",
                "If-None-Match: *", "X-Original-URI: /other", "Connection: X-Hop", "X-Hop: 1",
            ]
            let answer = try martlet.request("POST /a%20b/../c?d=e%20f", sent, content: "hello")
            #expect(answer.status == 200)
            let question = try service.lastRequest
            #expect(question.method == "GET" && question.target == "/check?from=martlet" && question.content.isEmpty)
            #expect(question.values("Host") == [service.address])
            #expect(
                question.values("X-Forwarded-Method") == ["POST"] && question.values("X-Forwarded-Proto") == ["http"])
            #expect(question.values("X-Forwarded-Host") == ["shop.test"])
            #expect(question.values("X-Forwarded-Uri") == ["/c?d=e%20f"])
            #expect(question.values("X-Forwarded-For") == ["127.0.0.1"])
            #expect(question.values("X-Original-URI") == ["/c?d=e%20f"])
            #expect(question.values("X-Original-URL") == ["http://shop.test/c?d=e%20f"])
            #expect(question["Cookie"] == "session=1" && question["X-Mine"] == "yes")
            for name in ["X-Role", "x_role", "X-User", "X_Forwarded_Method", "Range", "If-None-Match", "X-Hop"] {
                #expect(question[name] == nil, "\(name)")
            }
            let request = try app.lastRequest
            #expect(request.values("X-Role") == ["admin", "ops"] && request.values("X-User") == ["ann"])
            #expect(request["x_role"] == nil && request["X-Else"] == nil && request.text == "hello")
            #expect(try martlet.accessLogLine(target: "/a%20b/../c?d=e%20f")["user"] == "ann")
            // Nobody says who he is where nobody is asked, either.
            #expect(try martlet.request("GET /open", ["X-Role: root", "X_USER: root"]).status == 200)
            let open = try app.lastRequest.fields.map { $0.name.lowercased().replacing("_", with: "-") }
            #expect(!open.contains("x-role") && !open.contains("x-user"))
            #expect(service.requests.count == 1)
        }
    }

    @Test func onlySomeFieldsAreHandedOver() throws {
        let service = try Origin { _ in response(204) }
        try Self.run(service, "clientFields: [cookie]", "trustedProxies: [127.0.0.1]") { martlet throws in
            let sent = ["Cookie: a=b", "X-Mine: 1", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https"]
            #expect(try martlet.request("GET /", sent).status == 200)
            let question = try service.lastRequest
            #expect(question["Cookie"] == "a=b" && question["X-Mine"] == nil && question["X-Original-URI"] == nil)
            // Of one that is trusted.
            #expect(question.values("X-Forwarded-For") == ["192.0.2.1, 127.0.0.1"])
            #expect(question.values("X-Forwarded-Proto") == ["https"])
        }
    }

    // MARK: The answer

    @Test func refusalsReachTheClient() throws {
        let service = try Origin { request in
            switch request["X-Ask"] {
            case "login":
                response(
                    302, "go",
                    [
                        "Location: https://login.test/?rd=%2F", "Set-Cookie: csrf=1; Path=/",
                        "Content-Type: text/plain",
                        "Connection: X-Hop", "X-Hop: 1", "Server: secret", "Keep-Alive: timeout=5",
                    ])
            case "password": response(401, "who?", ["WWW-Authenticate: Negotiate", "Content-Type: text/x-own"])
            case "chunks":
                response(403, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", ["Transfer-Encoding: chunked", "X-Reason: no"])
            case "much":
                response(429, String(repeating: "x", count: 70_000), ["Retry-After: 7", "Content-Language: en"])
            case "nothing": response(404)
            default: response(304)
            }
        }
        let app = try Origin()
        try Self.run(service, app: app) { martlet throws in
            let client = try martlet.connect()
            let login = try client.exchange("GET /login", ["X-Ask: login"])
            #expect(login.status == 302 && login["Location"] == "https://login.test/?rd=%2F" && login.text == "go")
            #expect(login["Set-Cookie"] == "csrf=1; Path=/" && login["Content-Type"] == "text/plain")
            for name in ["X-Hop", "Server", "Keep-Alive", "Connection"] { #expect(login[name] == nil, "\(name)") }
            #expect(login["Cache-Control"] == "no-store" && login.values("Content-Length") == ["2"])
            let password = try client.exchange("GET /", ["X-Ask: password"])
            #expect(password.status == 401 && password["WWW-Authenticate"] == "Negotiate" && password.text == "who?")
            #expect(try client.exchange("HEAD /", ["X-Ask: password"]).status == 401)
            let chunks = try client.exchange("GET /", ["X-Ask: chunks"])
            #expect(chunks.status == 403 && chunks.text == "abcde" && chunks["X-Reason"] == "no")
            let much = try client.exchange("GET /", ["X-Ask: much"])
            #expect(much.status == 429 && much.text.isEmpty && much["Retry-After"] == "7")
            #expect(much["Content-Language"] == nil)
            #expect(try client.exchange("GET /", ["X-Ask: nothing"]).status == 404)
            #expect(try client.exchange("GET /", ["X-Ask: odd"]).status == 503)
            #expect(try client.exchange("GET /", ["Authorization: a", "Authorization: b"]).status == 401)
            #expect(app.requests.isEmpty)
            #expect(try martlet.metrics["martlet_forward_auth_questions_total{outcome=\"refused\"}"] == 6)
            let error = try martlet.accessLogLine(target: "/login")["error"]
            #expect(error == "not authenticated: the service answered 302")
        }
    }

    @Test func aCallIsAnsweredWithAStatus() throws {
        let service = try Origin { response($0["X-Ask"] == "no" ? 403 : 302, "page", ["Location: /login"]) }
        try Self.run(service) { martlet throws in
            for (ask, status) in [("no", "7"), ("login", "16")] {
                let fields = ["Content-Type: application/grpc", "TE: trailers", "X-Ask: \(ask)"]
                let answer = try martlet.request("POST /a.B/C", fields, content: "\0\0\0\0\0")
                #expect(answer.status == 200 && answer["grpc-status"] == status && answer["Location"] == nil)
            }
        }
    }

    @Test func theClientGetsTheCookiesOfTheService() throws {
        let service = try Origin { _ in response(200, "", ["Set-Cookie: a=1", "Set-Cookie: b=2; HttpOnly"]) }
        try Self.run(service) { martlet throws in
            let answer = try martlet.request("GET /")
            #expect(answer.status == 200 && answer.values("Set-Cookie") == ["a=1", "b=2; HttpOnly"])
        }
    }

    /// What would be more lines for a client or a server is none.
    @Test(arguments: [
        "X-User: a\rX-Evil: 1", "X-User: a\nX-Evil: 1", "X-User: a\0b", "X-User: a\r\n\r\nHTTP/1.1 200 OK", "X Evil: 1",
    ])
    func nothingBreaksOutOfAField(line: String) throws {
        let service = try Origin { response($0["X-Ask"] == "no" ? 403 : 200, "", [line]) }
        let app = try Origin()
        try Self.run(service, "copyFields: [X-User], timeout: 500ms", app: app) { martlet throws in
            for ask in ["no", "yes"] {
                let answer = try martlet.request("GET /", ["X-Ask: \(ask)"])
                #expect(answer["X-Evil"] == nil && [200, 403, 503].contains(answer.status))
                #expect(ask == "yes" || answer.status != 200)
            }
            #expect(app.requests.allSatisfy { $0["X-Evil"] == nil && $0["X-User"]?.contains("\0") != true })
        }
    }

    @Test func fieldsThatAreTooLargeLetNobodyIn() throws {
        let service = try Origin { _ in response(200, "", ["X-User: " + String(repeating: "u", count: 9_000)]) }
        try Self.run(service, "copyFields: [X-User], onFailure: allow") { martlet throws in
            #expect(try martlet.request("GET /").status == 503)
        }
    }

    // MARK: Failures

    @Test(arguments: ["deny", "allow"]) func failuresAreAnswered(policy: String) throws {
        let hanging = Monitor(false)
        let service = try Origin { request in
            if request["X-Ask"] == "hang" { _ = hanging.wait { $0 ? true : nil } }
            return request["X-Ask"] == "fail" ? response(500, "", ["X-User: ann"]) : response(200, "", ["X-User: ann"])
        }
        let app = try Origin { response(200, $0["X-User"] ?? "-") }
        try Self.run(service, "onFailure: \(policy), timeout: 300ms, copyFields: [X-User]", app: app) {
            martlet throws in
            let expected = policy == "deny" ? 503 : 200
            for ask in ["fail", "hang"] {
                let answer = try martlet.request("GET /\(ask)", ["X-Ask: \(ask)", "X-User: root"])
                #expect(answer.status == expected && (policy == "deny" || answer.text == "-"))
            }
            hanging.change { $0 = true }
            #expect(try martlet.request("GET /", []).text == "ann")
            service.server.stop()
            #expect(try martlet.request("GET /gone").status == expected)
            let failed = try martlet.metrics["martlet_forward_auth_questions_total{outcome=\"failed\"}"]
            #expect(failed == 3)
            #expect(martlet.errors.contains("a service that decides who comes in is of no use"))
            if policy == "deny" {
                let error = try martlet.accessLogLine(target: "/fail")["error"]
                #expect(error == "whether the client may come in could not be found out: the service answered 500")
            }
        }
    }

    /// A refusal is one even if its content does not come.
    @Test func aRefusalWithoutItsContentIsOne() throws {
        let service = try Origin { _ in "HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\nX-Reason: no\r\n\r\nabc" }
        try Self.run(service, "onFailure: allow, timeout: 300ms") { martlet throws in
            let answer = try martlet.request("GET /")
            #expect(answer.status == 403 && answer["X-Reason"] == "no" && answer.text.isEmpty)
        }
    }

    /// Services close kept connections without a word.
    @Test func aClosedConnectionFailsNoRequest() throws {
        let service = try ScriptedServer { socket, _ in
            if try socket.readRequest() != nil { try socket.send(response(200)) }
        }
        let app = try Origin()
        try withMartlet(Self.config(app, "url: 'http://\(service.address)'")) { martlet throws in
            let client = try martlet.connect()
            for _ in 0..<50 { #expect(try client.exchange("GET /").status == 200) }
        }
    }

    // MARK: Bounds

    @Test func onlySoManyAreAsked() throws {
        let isOpen = Monitor(false)
        let service = try Origin { _ in
            _ = isOpen.wait { $0 ? true : nil }
            return response(200)
        }
        try Self.run(service, "concurrency: 1, queue: 1") { martlet throws in
            let clients = try (0..<3).map { index in
                let client = try martlet.connect()
                try client.send(requestText("GET /\(index)"))
                if index < 2 { try martlet.waitForMetric("martlet_exchanges_suspended", Double(index + 1)) }
                return client
            }
            #expect(try clients[2].readResponse().status == 503)
            isOpen.change { $0 = true }
            for client in clients[..<2] { #expect(try client.readResponse().status == 200) }
            #expect(try martlet.metrics["martlet_forward_auth_questions_total{outcome=\"overflow\"}"] == 1)
        }
    }

    /// The same at once is asked once; a refusal that is for one client alone is not shared.
    @Test(arguments: [200, 302, 403]) func theSameIsAskedOnce(status: Int) throws {
        let isOpen = Monitor(false)
        let service = try Origin { _ in
            _ = isOpen.wait { $0 ? true : nil }
            return response(status, "", status == 302 ? ["Set-Cookie: csrf=1"] : [])
        }
        try Self.run(service) { martlet throws in
            let clients = try (0..<5).map { _ in
                let client = try martlet.connect()
                try client.send(requestText("GET /", ["Cookie: a=1"]))
                return client
            }
            try martlet.waitForMetric("martlet_exchanges_suspended", 5)
            isOpen.change { $0 = true }
            for client in clients { #expect(try client.readResponse().status == status) }
            #expect(service.requests.count == (status == 302 ? 5 : 1))
            #expect(try martlet.metrics["martlet_forward_auth_questions_total{outcome=\"joined\"}"] == 4)
        }
    }

    // MARK: Memory

    @Test func answersAreRemembered() throws {
        let service = try Origin { request in
            switch request["X-Kind"] {
            case "cookie": response(200, "", ["Set-Cookie: a=1"])
            case "private": response(200, "", ["Cache-Control: private, No-Store"])
            case "refused": response(403)
            default: response(200, "", ["X-User: \(request["Authorization"] ?? "-")"])
            }
        }
        let app = try Origin { response(200, $0["X-User"] ?? "-") }
        let cache = "userField: X-User, cache: {fields: [authorization, X-Kind], time: 1s, entries: 2}"
        try Self.run(service, cache, app: app) { martlet throws in
            func asked(_ line: String, _ fields: [String]) throws -> Int {
                let before = service.requests.count
                for _ in 0..<2 { _ = try martlet.request(line, fields) }
                return service.requests.count - before
            }
            #expect(try asked("GET /", ["Authorization: ann"]) == 1)
            #expect(try asked("GET /", ["Authorization: bob"]) == 1)
            #expect(try martlet.request("GET /", ["Authorization: ann"]).text == "ann")
            // Another target, another method, another host; nobody known; answers that are not to be kept.
            #expect(try asked("GET /other", ["Authorization: ann"]) == 1)
            #expect(try asked("HEAD /", ["Authorization: ann"]) == 1)
            #expect(try asked("GET /", ["Authorization: ann", "Host: b.test"]) == 1)
            #expect(try asked("GET /", []) == 2)
            for kind in ["cookie", "private", "refused"] { #expect(try asked("GET /", ["X-Kind: \(kind)"]) == 2) }
            #expect(try asked("GET /late", ["Authorization: ann"]) == 1)
            try eventually("the answer is forgotten") { try asked("GET /late", ["Authorization: ann"]) > 0 }
        }
        try Self.run(service, "cache: {fields: [Authorization], perTarget: false}", app: app) { martlet throws in
            let before = service.requests.count
            for line in ["GET /a", "POST /b", "GET /c?d"] { _ = try martlet.request(line, ["Authorization: ann"]) }
            #expect(service.requests.count == before + 1)
            _ = try martlet.request("GET /a", ["Authorization: eve"])
            #expect(service.requests.count == before + 2)
            #expect(try martlet.metrics["martlet_forward_auth_questions_total{outcome=\"remembered\"}"] == 2)
        }
    }

    // MARK: Ways

    @Test func theServiceProvesWhoItIs() throws {
        let certificates = try TestCertificates()
        let service = try Origin { response(200, "", ["X-User: \($0["X-Forwarded-Uri"] ?? "-")"]) }
        let leaf = try certificates.leaf(["localhost"])
        let app = try Origin { response(200, $0["X-User"] ?? "-") }
        try withMartlet(SecureConfigs.proxy(to: [service.address], [leaf])) { secure throws in
            let url = "url: 'https://localhost:\(try secure.port(of: "tls"))/', copyFields: [X-User], timeout: 4s"
            try withMartlet(Self.config(app, "\(url), ca: \(certificates.authority)")) { martlet throws in
                #expect(try martlet.request("GET /a").text == "/a")
            }
            try withMartlet(Self.config(app, url)) { martlet throws in
                #expect(try martlet.request("GET /a").status == 503)
            }
        }
    }

    @Test(.enabled(if: MartletBinary.hasProgram("curl"), "curl is not installed")) func streamsAreAsked() throws {
        let service = try Origin { request in
            request["Cookie"] == "a=1; b=2"
                ? response(200, "", ["X-User: ann"]) : response(401, "no", ["X-Why: unknown"])
        }
        let app = try Origin { response(200, "\($0["X-User"] ?? "-") \($0.content.count)") }
        try Self.run(service, "copyFields: [X-User]", app: app) { martlet throws in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            func curl(_ arguments: String...) throws -> String {
                let all = ["-sS", "--http2-prior-knowledge", "--max-time", "20", "-w", " %{http_code} %header{x-why}"]
                return try ChildProcess.run("curl", all + arguments + [url], .seconds(30)).output
            }
            let much = try martlet.folder.write(String(repeating: "x", count: 300_000), to: "much")
            #expect(try curl("-b", "a=1; b=2", "-T", much) == "ann 300000 200 ")
            #expect(try curl("-b", "a=2") == "no 401 unknown")
        }
    }

    @Test func webSocketsAreAsked() throws {
        let service = try Origin { response($0["Cookie"] == nil ? 401 : 200) }
        let server = try ScriptedServer { socket, _ in try WebSocket.accept(socket)?.echo() }
        let config = """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            routes: [{upstream: app, auth: {forward: {url: 'http://\(service.address)/'}}}]
            upstreams: {app: {servers: ["\(server.address)"]}}
            """
        try withMartlet(config) { martlet throws in
            let socket = try WebSocket.open(try martlet.connect(), "/chat", ["Cookie: a=1"])
            try socket.send(.text("hello"))
            #expect(try socket.receiveText() == "hello")
            try socket.send(.close(1000))
            let refused = try martlet.connect()
            try refused.send(WebSocket.request("/chat"))
            #expect(try refused.readResponse().status == 401)
            #expect(try service.lastRequest["Upgrade"] == nil)
        }
    }
}
