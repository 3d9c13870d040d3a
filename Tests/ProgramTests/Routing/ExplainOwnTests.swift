// What martlet explain says of files, maintenance, and what clients have to show.
import Foundation
import MartletTestSupport
import Testing

@Suite struct ExplainOwnTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("www/js"), withIntermediateDirectories: true)
        try folder.write("<h1>home</h1>", to: "www/index.html")
        try folder.write("let a = 1", to: "www/js/app.js")
        try folder.write("small", to: "www/js/app.js.gz")
        try folder.write("sorry", to: "sorry.txt")
        try folder.write("backup:" + String(repeating: "0", count: 64) + "\n", to: "keys")
        try folder.write("ann:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n", to: "users")
    }

    /// What is said of a request, without the routes that it does not take.
    private func explain(_ config: String, _ arguments: String...) throws -> (output: [String], code: Int32) {
        let text = "listeners: [{address: ':1'}]\n" + config.replacing("FOLDER", with: folder.path)
        let file = try folder.write(text, to: "martlet.yaml")
        let result = try program(with: ["explain"] + arguments + ["-c", file])
        guard case .code(let code) = result.exit else { return (["\(result.exit)"], -1) }
        if !result.errors.isEmpty { return ([result.errors], code) }
        let lines = result.output.replacing(folder.path, with: "FOLDER").split(separator: "\n").map(String.init)
        return (Array(lines.prefix { $0 != "others" }), code)
    }

    private static let files = """
        routes:
          - {path: /*, files: {root: FOLDER/www, precompressed: [gz]}, responseFields: {set: {Cache-Control: no-cache}}}
        upstreams: {}

        """

    @Test func theFileIsLookedFor() throws {
        let home = try explain(Self.files, "GET", "http://a.test/")
        #expect(home.code == 1)
        let tags = home.output.filter { $0.contains("ETag: \"") || $0.contains("Last-Modified: ") }
        #expect(tags.count == 2)
        #expect(
            home.output.filter { !tags.contains($0) }.dropFirst(3) == [
                "file      FOLDER/www/index.html", "answer    200", "          Content-Type: text/html; charset=utf-8",
                "          Vary: Accept-Encoding", "          Accept-Ranges: bytes",
                "          Cache-Control: no-cache",
                "          13 bytes of content",
            ])
        let coded = try explain(Self.files, "GET", "http://a.test/js/app.js", "-H", "Accept-Encoding: gzip")
        #expect(coded.output.contains("file      FOLDER/www/js/app.js.gz"))
        #expect(coded.output.contains("          Content-Encoding: gzip"))
        let part = try explain(Self.files, "GET", "http://a.test/js/app.js", "-H", "Range: bytes=4-5")
        #expect(part.output.contains("answer    206") && part.output.contains("          Content-Range: bytes 4-5/9"))
        #expect(part.output.last == "          2 bytes of content")
        let folder = try explain(Self.files, "GET", "http://a.test/js?x=y")
        #expect(folder.output.contains("answer    308") && folder.output.contains("          Location: /js/?x=y"))
        let cases = [
            ("GET", "/js/", "404: no such file"), ("GET", "/.hidden", "404: no such file"),
            ("POST", "/", "405: files can only be read"),
        ]
        for (method, path, answer) in cases {
            let said = try explain(Self.files, method, "http://a.test" + path)
            #expect(said.code == 1 && said.output.last == "answer    " + answer)
        }
        let json = try explain(Self.files, "GET", "http://a.test/", "--json")
        let text = json.output.joined(separator: "\n")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect((object["answer"] as? [String: Any])?["file"] as? String == "FOLDER/www/index.html")
    }

    private static let pauses = """
        maintenance: {file: FOLDER/sorry.txt, whenFile: FOLDER/pause, except: {clients: 192.0.2.0/24}}
        routes:
          - {path: /a, host: a.test, upstream: app}
          - {path: /b, host: a.test, upstream: app, maintenance: {status: 500}}
          - {path: /c, host: a.test, upstream: app, maintenance: off}
        upstreams: {app: {servers: ["127.0.0.1:1"]}}

        """

    @Test func maintenanceIsSaid() throws {
        let off = try explain(Self.pauses, "GET", "http://a.test/a")
        #expect(off.code == 0 && off.output.contains("pause     maintenance is off, as there is no FOLDER/pause"))
        let own = try explain(Self.pauses, "GET", "http://a.test/b")
        #expect(own.code == 1 && own.output.last == "answer    500: maintenance")
        #expect(own.output.contains("          routes[1].maintenance is on"))
        let none = try explain(Self.pauses, "GET", "http://nobody.test/")
        #expect(none.output.last == "answer    404: no route is for it")
        try folder.write("", to: "pause")
        let on = try explain(Self.pauses, "GET", "http://a.test/a")
        #expect(on.code == 1)
        #expect(
            on.output.suffix(2) == [
                "pause     maintenance is on, as there is FOLDER/pause", "answer    503: maintenance",
            ])
        let exempt = try explain(Self.pauses, "GET", "http://a.test/a", "--client", "192.0.2.1")
        #expect(exempt.code == 0 && exempt.output.contains("pause     maintenance is on, but not for this client"))
        let without = try explain(Self.pauses, "GET", "http://a.test/c")
        #expect(without.code == 0 && !without.output.contains { $0.hasPrefix("pause") })
        let nobody = try explain(Self.pauses, "GET", "http://nobody.test/")
        #expect(nobody.code == 1 && nobody.output.last == "answer    503: maintenance")
        let json = try explain(Self.pauses, "GET", "http://a.test/a", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.joined(separator: "\n").utf8))
        let said = (object as? [String: Any])?["pauses"] as? [[String: Any]]
        #expect(said?.first?["on"] as? Bool == true && said?.first?["maintenance"] as? String == "maintenance")
    }

    @Test func whatClientsHaveToShowIsSaid() throws {
        let config = """
            access: [{name: bots, action: challenge}]
            auth: {any: [{basic: {file: FOLDER/users}}, {apiKeys: {file: FOLDER/keys}}]}
            routes: [{upstream: app}, {path: /text, respond: {body: text}, auth: {apiKeys: {file: FOLDER/keys}}}]
            upstreams: {app: {servers: ["127.0.0.1:1"]}}

            """
        let said = try explain(config, "GET", "http://a.test/")
        #expect(said.code == 0 && said.output.contains("access    bots wants it to come from a browser"))
        #expect(said.output.contains("auth      a name and a password of FOLDER/users"))
        #expect(said.output.contains("          or a key of FOLDER/keys, in X-API-Key"))
        #expect(said.output.contains("          X-Authenticated-User: (the client's name)"))
        let others = """
            routes:
              - path: /token
                upstream: app
                auth: {jwt: {algorithms: [HS256], secretFile: FOLDER/secret, issuer: https://a.test, fields: {X-Who: sub}}}
              - path: /service
                upstream: app
                auth: {forward: {url: "http://127.0.0.1:1/", userField: X-User, copyFields: [X-Role]}}
            upstreams: {app: {servers: ["127.0.0.1:1"]}}

            """
        try folder.write(String(repeating: "s", count: 32), to: "secret")
        let token = try explain(others, "GET", "http://a.test/token", "-H", "X-Who: root")
        #expect(token.output.contains("auth      a token of https://a.test"))
        #expect(token.output.contains("          X-Who: (the token's sub)"))
        let service = try explain(others, "GET", "http://a.test/service")
        #expect(service.output.contains("auth      what http://127.0.0.1:1/ says"))
        #expect(service.output.contains("          X-Role: (as the service says)"))
        let own = try explain(config, "GET", "http://a.test/text")
        #expect(
            own.output.contains("auth      a key of FOLDER/keys, in X-API-Key") && own.output.contains("answer    200"))
    }
}
