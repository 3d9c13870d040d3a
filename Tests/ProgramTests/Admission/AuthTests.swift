// Clients that prove who they are.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct AuthTests {
    /// Passwords "secret" of ann (bcrypt), bob (SHA-512), and eve (yescrypt).
    private static let users = """
        # users
        ann:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a
        bob:$6$rounds=1000$saltsalt$LAV5VE5Y7w1d73x1mFNspYWUpazfmwv2SoepNXNKJ/otop/Zok96Hr8Q13LEv0DRY/x8v0/crpIjl8NJSAqXV/
        eve:$y$j75$k2XAnEHBqQ1Ct2aMXFKNa/$Tg4ZRR7tz/WRlmYbADZh9OJYakPewgSPQqW55EXAJ14

        """

    /// SHA-256 of "letmein" and of "other".
    private static let keys = """
        backup:1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032
        other:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa

        """

    private static func config(_ origin: Origin, _ routes: String, _ auth: String, _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        routes:
        \(routes)
        auth: \(auth)
        upstreams: {app: {servers: ["\(origin.address)"]}}
        \(more)
        """
    }

    private static func basic(_ text: String) -> String {
        "Authorization: Basic \(Data(text.utf8).base64EncodedString())"
    }

    private static func start(_ config: String) throws -> RunningMartlet {
        let folder = try TestFolder()
        try folder.write(users, to: "users")
        try folder.write(keys, to: "keys")
        return try RunningMartlet(config, folder: folder)
    }

    @Test func passwordsAreAsked() throws {
        let origin = try Origin { response(200, $0["X-Authenticated-User"] ?? "-") }
        let config = Self.config(
            origin, "  - {upstream: app}\n  - {path: /open, upstream: app, auth: off}",
            "{basic: {file: FOLDER/users, realm: 'A \"shop\"'}}")
        let martlet = try Self.start(config)
        let asked = try martlet.request("GET /")
        #expect(asked.status == 401 && asked["WWW-Authenticate"] == #"Basic realm="A \"shop\"", charset="UTF-8""#)
        for user in ["ann", "bob", "eve"] {
            // The second time by memory.
            for _ in 0..<2 {
                let answer = try martlet.request(
                    "GET /\(user)", [Self.basic("\(user):secret"), "X-Authenticated-User: root"])
                #expect(answer.status == 200 && answer.text == user)
            }
            #expect(try martlet.accessLogLine(target: "/\(user)")["user"] == user)
        }
        for wrong in ["ann:Secret", "ann:", "ann:secret ", "nobody:secret", ":secret", "ann"] {
            #expect(try martlet.request("GET /", [Self.basic(wrong)]).status == 401, "\(wrong)")
        }
        #expect(try martlet.request("GET /", [Self.basic("ann:secret"), Self.basic("bob:secret")]).status == 401)
        #expect(try martlet.request("GET /", ["Authorization: Bearer abc"]).status == 401)
        // Nobody says who he is where nobody is asked, either.
        for field in ["X-Authenticated-User: root", "x_authenticated_user: root", "X-AUTHENTICATED_USER: root"] {
            #expect(try martlet.request("GET /open", [field]).text == "-")
            #expect(try origin.lastRequest.fields.filter { $0.name.lowercased().contains("authenticated") }.isEmpty)
        }
        let posted = try martlet.request(
            "POST /", [Self.basic("ann:secret")], content: String(repeating: "x", count: 100_000))
        #expect(posted.text == "ann")
        let metrics = try martlet.metrics
        #expect(metrics["martlet_admissions_total{outcome=\"passed\"}"] == 7)
        #expect(metrics["martlet_admissions_total{outcome=\"failed\"}"] == 9)
        #expect(metrics["martlet_exchanges_suspended"] == 0)
        try martlet.stop()
        let log = try martlet.accessLog.map { "\($0.values)" }.joined() + martlet.errors
        #expect(!log.contains("secret") && log.contains("wrong password, or no such user"))
    }

    /// Many at once with the same password make one check; more than may wait are told so.
    @Test func checksAreBounded() throws {
        let origin = try Origin()
        let config = Self.config(origin, "  - {upstream: app}", "{basic: {file: FOLDER/users, queue: 1, cache: off}}")
        let martlet = try Self.start(config)
        let clients = try (0..<20).map { index in
            let client = try martlet.connect()
            try client.send(requestText("GET /", [Self.basic(index % 2 == 0 ? "ann:secret" : "bob:\(index)")]))
            return client
        }
        var statuses: [Int: Int] = [:]
        for client in clients { statuses[try client.readResponse().status, default: 0] += 1 }
        #expect(statuses[503, default: 0] >= 1, "\(statuses)")
        #expect(statuses.keys.allSatisfy { [200, 401, 503].contains($0) }, "\(statuses)")
        #expect(try martlet.request("GET /", [Self.basic("ann:secret")]).status == 200)
        try martlet.stop()
    }

    @Test func usersAreReadAgain() throws {
        let origin = try Origin()
        let config = Self.config(origin, "  - {upstream: app}", "{basic: {file: FOLDER/users}}")
        let martlet = try Self.start(config)
        #expect(try martlet.request("GET /", [Self.basic("ann:secret")]).status == 200)
        try martlet.folder.write(Self.users.replacing("ann:", with: "ann2:"), to: "users")
        try eventually("the new users") { try martlet.request("GET /", [Self.basic("ann:secret")]).status == 401 }
        #expect(try martlet.request("GET /", [Self.basic("ann2:secret")]).status == 200)
        try martlet.stop()
    }

    @Test func keysAreAsked() throws {
        let origin = try Origin { response(200, $0["X-Authenticated-Key"] ?? "-") }
        let config = Self.config(
            origin,
            "  - {upstream: app}\n  - {path: /q, upstream: app, auth: {apiKeys: {file: FOLDER/keys, header: off, query: key}}}",
            "{apiKeys: {file: FOLDER/keys}}")
        let martlet = try Self.start(config)
        let asked = try martlet.request("GET /")
        #expect(asked.status == 401 && asked["WWW-Authenticate"] == nil)
        #expect(try martlet.request("GET /", ["X-API-Key: letmein", "X-Authenticated-Key: other"]).text == "backup")
        #expect(try martlet.request("GET /", ["x-api-key: other"]).text == "other")
        for wrong in ["letmeinn", "letmei", "", "backup"] {
            #expect(try martlet.request("GET /", ["X-API-Key: \(wrong)"]).status == 401)
        }
        #expect(try martlet.request("GET /", ["X-API-Key: letmein", "X-API-Key: wrong"]).status == 401)
        #expect(try martlet.request("GET /?key=letmein").status == 401)
        #expect(try martlet.request("GET /q?a=b&key=letmein").text == "backup")
        #expect(try martlet.request("GET /q?key=wrong", ["X-API-Key: letmein"]).status == 401)
        #expect(try martlet.accessLogLine(target: "/q?a=b&key=letmein")["user"] == "backup")
        try martlet.stop()
    }

    @Test(
        .enabled(if: MartletBinary.hasProgram("curl"), "curl is not installed"),
        arguments: ["--http1.1", "--http2-prior-knowledge"])
    func curlComesIn(version: String) throws {
        let origin = try Origin { response(200, "\($0["X-Authenticated-User"] ?? "-") \($0.content.count)") }
        let config = Self.config(origin, "  - {upstream: app}", "{basic: {file: FOLDER/users}}")
        let martlet = try Self.start(config)
        let url = "http://127.0.0.1:\(try martlet.port())/"
        func curl(_ arguments: String...) throws -> String {
            let all = ["-sS", "--max-time", "20", version, "-o", "-", "-w", " %{http_code}"] + arguments + [url]
            let (exit, output, errors) = try ChildProcess.run("curl", all, .seconds(30))
            if exit != .code(0) { throw TestFailure("curl: \(exit) \(errors)") }
            return output
        }
        #expect(try curl("-u", "ann:secret") == "ann 0 200")
        let much = try martlet.folder.write(String(repeating: "x", count: 500_000), to: "much")
        #expect(try curl("-u", "eve:secret", "-T", much, "-H", "Expect:") == "eve 500000 200")
        #expect(try curl("-u", "ann:wrong").hasSuffix(" 401"))
        #expect(try curl("-u", "ann:wrong", "-d", "hello").hasSuffix(" 401"))
        try martlet.stop()
    }

    @Test func unsafeFilesAreErrors() throws {
        let folder = try TestFolder()
        let list = try folder.write("ann:$apr1$abc$xyz\n", to: "users")
        let file = try folder.write(
            Self.config(try Origin(), "  - {upstream: app}", "{basic: {file: \(list)}}"), to: "martlet.yaml")
        let result = try program("check", file)
        #expect(
            result.has(code: 78) && result.errors.contains("line 1: the password of this user is hashed with APR1-MD5"))
        try folder.write(Self.config(try Origin(), "  - {upstream: app}", "{}"), to: "martlet.yaml")
        #expect(try program("check", file).errors.contains("nothing says how clients prove who they are"))
    }
}
