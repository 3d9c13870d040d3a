// Nobody gets by another way what rules and passwords keep from it.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct HostileAdmissionTests {
    /// Ways to write /private/secret.txt, and to lead there. None of them may be served to whoever is refused there.
    private static let spellings = [
        "/private/secret.txt", "/%70rivate/secret.txt", "/private/%73ecret.txt", "/private%2Fsecret.txt",
        "/private%2fsecret.txt", "/%2Fprivate/secret.txt", "//private/secret.txt", "///private///secret.txt",
        "/./private/secret.txt", "/%2e/private/secret.txt", "/open/../private/secret.txt",
        "/open/%2e%2e/private/secret.txt",
        "/open/..%2Fprivate/secret.txt", "/open%2F../private/secret.txt", "/open%2F..%2Fprivate%2Fsecret.txt",
        "/open/..;/private/secret.txt", "/private;x/secret.txt", "/private/;/secret.txt", "/private/./secret.txt",
        "/private/x/../secret.txt", "/private/%2e/secret.txt", "/private\\secret.txt", "/private%5Csecret.txt",
        "/open\\..\\private\\secret.txt", "/%2570rivate/secret.txt", "/private/secret.txt%00", "/private%00/secret.txt",
        "/private/secret.txt/", "/private/secret.txt/.", "/private/secret.txt/x/..", "/private/secret.txt?x=y",
        "/private/secret.txt;x", "/PRIVATE/secret.txt", "/private/SECRET.TXT", "/priv%c0%a1te/secret.txt",
        "/private/secret.txt%20", "/private%20/secret.txt", "/private/secret%2Etxt", "/private/secret.txt#x",
        "/private/",
        "/private", "/open/link/secret.txt", "/open/linked.txt",
    ]

    private static func fill(_ folder: TestFolder) throws {
        try folder.makeFolder("www/private")
        try folder.makeFolder("www/open")
        try folder.write("SECRET", to: "www/private/secret.txt")
        try folder.write("SECRET", to: "www/private/index.html")
        try folder.write("open", to: "www/open/a.txt")
        try folder.write("backup:1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032\n", to: "keys")
    }

    /// As the bytes are written; the answer as it comes.
    private static func raw(_ martlet: RunningMartlet, _ path: String, _ method: String = "GET") throws -> String {
        let socket = try martlet.connect()
        try socket.send("\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        return String(decoding: try socket.receiveUntilEnd(), as: UTF8.self)
    }

    private static let kinds = [
        ["access: [{action: deny, path: /private/*}]"], ["access: [{action: allow, path: /open/*}, {action: deny}]"],
        ["access: [{action: deny, path: [/private, \"/*/secret.txt\", \"/private/*\"]}]"],
    ]

    @Test(arguments: kinds) func noSpellingOfAFilePassesARule(route: [String]) throws {
        let stage = try FileStage("{root: FOLDER/www, listing: true}", route: route, fill: Self.fill)
        for path in Self.spellings {
            for method in ["GET", "HEAD", "POST", "OPTIONS", "get"] {
                let answer = try Self.raw(stage.martlet, path, method)
                #expect(!answer.contains("SECRET") && !answer.contains(" 200 "), "\(method) \(path)")
                #expect(!answer.contains("secret.txt") || answer.contains("Location"), "\(method) \(path)")
            }
        }
        #expect(try Self.raw(stage.martlet, "/open/a.txt").hasSuffix("open"))
        try stage.stop()
    }

    /// A route with `auth` among those without, in each order.
    @Test(arguments: [false, true]) func noSpellingOfAFilePassesAPassword(isOpenByDefault: Bool) throws {
        let folder = try TestFolder()
        try Self.fill(folder)
        let (inner, outer) =
            isOpenByDefault ? ("{apiKeys: {file: FOLDER/keys}}", "off") : ("off", "{apiKeys: {file: FOLDER/keys}}")
        let martlet = try RunningMartlet(
            """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            routes:
              - {path: /*, files: FOLDER/www, auth: \(outer)}
              - {path: /\(isOpenByDefault ? "private" : "open")/*, files: FOLDER/www/\(isOpenByDefault ? "private" : "open"), auth: \(inner)}
            upstreams: {}
            """, folder: folder)
        for path in Self.spellings {
            let answer = try Self.raw(martlet, path)
            #expect(!answer.contains("SECRET") && !answer.contains(" 200 "), "\(path)")
        }
        let known = try martlet.request("GET /private/secret.txt", ["X-API-Key: letmein"])
        #expect(known.text == "SECRET")
        #expect(try martlet.request("GET /open/a.txt").text == "open")
        try martlet.stop()
    }

    /// What is kept from others is not told by the way in which they are refused, nor by content that comes with it.
    @Test func aRefusalSaysNothingOfWhatIsThere() throws {
        let stage = try FileStage(
            route: ["access: [{action: deny, path: /private/*, status: 404}]"], fill: Self.fill)
        func told(_ path: String) throws -> [String] {
            let answer = try stage.martlet.request("GET \(path)")
            let text = answer.text.split(separator: "\n").filter { !$0.hasPrefix("Request id") }.joined()
            return answer.fields.filter { $0.name != "Date" }.map { "\($0.name): \($0.value)" } + [
                "\(answer.status)", text,
            ]
        }
        let there = try told("/private/secret.txt")
        for path in ["/private/nothing", "/private", "/private/", "/nothing"] { #expect(try told(path) == there) }
        try stage.stop()
    }

    /// Clients of HTTP/2 send cookies in pieces, and are asked as others are.
    @Test(.enabled(if: MartletBinary.hasProgram("curl"), "curl is not installed")) func streamsAreChallenged() throws {
        let origin = try Origin()
        let config = """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            challenge: {difficulty: 6}
            access: [{action: challenge}]
            routes: [{upstream: app}]
            upstreams: {app: {servers: ["\(origin.address)"]}}
            """
        try withMartlet(config) { martlet in
            let browser = ["--http2-prior-knowledge", "-H", "Accept: text/html", "-A", "Browser/1"]
            let page = try martlet.curl("/x", browser)
            #expect(page.head.hasPrefix("http/2 403"))
            let solution = try ChallengeStage.solve(try ChallengeStage.puzzle(in: page.content))
            let cookies = ["-H", "Cookie: a=b", "-H", "Cookie: martlet_pass=\(solution)"]
            let good = try martlet.curl("/x", browser + cookies)
            #expect(good.head.hasPrefix("http/2 200") && good.content == "/x")
            // Four of a name are looked at; nobody has so many.
            let many = (0..<5).flatMap { ["-H", "Cookie: martlet_pass=\($0)"] } + cookies
            #expect(try martlet.curl("/x", browser + many).head.hasPrefix("http/2 403"))
        }
    }

    /// Fields by which any way names clients come from nobody else.
    @Test func nobodyNamesItself() throws {
        let app = try Origin { request in
            let said = request.fields.filter { field in
                ["x-authenticated-user", "x-authenticated-key", "x-role"].contains(
                    field.name.lowercased().replacing("_", with: "-"))
            }
            return response(200, said.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
        }
        let folder = try TestFolder()
        try Self.fill(folder)
        try folder.write("ann:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n", to: "users")
        let martlet = try RunningMartlet(
            """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            routes:
              - upstream: app
              - path: /known
                upstream: app
                auth:
                  any:
                    - basic: {file: FOLDER/users}
                    - apiKeys: {file: FOLDER/keys}
                    - forward: {url: "http://127.0.0.1:1/", copyFields: [X-Role]}
            upstreams: {app: {servers: ["\(app.address)"]}}
            """, folder: folder)
        let forged = [
            "X-Authenticated-User: root", "x_authenticated_user: root", "X-AUTHENTICATED-KEY: root", "X_Role: root",
            "X-Role: root", "x-role : root",
        ]
        for path in ["/", "/known"] {
            let answer = try martlet.request("GET \(path)", forged.dropLast() + ["X-API-Key: letmein"])
            #expect(answer.text == (path == "/" ? "" : "X-Authenticated-Key=backup"))
            #expect(try martlet.request("GET \(path)", forged).status == 400)
        }
        try martlet.stop()
    }
}
