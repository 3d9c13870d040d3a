// martlet explain
import Foundation
import MartletTestSupport
import Testing

@Suite struct ExplainTests {
    private static let config = """
        listeners: [{address: ':1'}]
        routes:
          - {path: /*, upstream: web}
          - {host: api.test, path: "/users/{id}", methods: [GET, HEAD], headers: {X-Env: blue}, upstream: api}
          - {host: api.test, path: "/users/{id}", split: {upstreams: {api: 9, next: 1}}}
          - {host: other.test, path: /*, upstream: web}
          - {host: api.test, regex: ^/v1/, clients: 10.0.0.0/8, upstream: api}
        upstreams:
          web: {servers: ["127.0.0.1:1"]}
          api: {servers: ["127.0.0.1:2", {address: "127.0.0.1:3", weight: 2, backup: true, state: draining}]}
          next: {servers: ["127.0.0.1:4"]}

        """

    private let folder: TestFolder
    private let file: String

    init() throws {
        folder = try TestFolder()
        file = try folder.write(Self.config, to: "martlet.yaml")
    }

    @Test func saysWhichRouteIsTakenAndWhyTheOthersAreNot() throws {
        let result = try program(
            "explain", "GET", "https://api.test/x/../users/7?a=1", "-H", "X-Env: blue", "-c", file)
        #expect(result.has(code: 0) && result.errors.isEmpty)
        #expect(
            result.output == """
                request   GET https://api.test/x/../users/7?a=1
                path      /users/7
                route     routes[1], line 4: api.test /users/{id}
                upstream  api
                          127.0.0.1:2
                          127.0.0.1:3, weight 2, backup, draining
                gets      GET /users/7?a=1
                          Host: api.test
                others
                          routes[0], line 3: /*
                            comes behind routes[1], whose host is more exact
                          routes[2], line 5: api.test /users/{id}
                            comes behind routes[1], which has more conditions
                          routes[3], line 6: other.test /*
                            is for other hosts
                          routes[4], line 7: api.test regex ^/v1/
                            is for other paths

                """)
    }

    @Test func saysWhatIsAskedForInVain() throws {
        let result = try program("explain", "POST", "http://api.test/users/7", "-c", file)
        #expect(result.has(code: 0))
        #expect(result.output.contains("asks for what is not so: the method is GET or HEAD; header X-Env is 'blue'\n"))
        #expect(
            result.output.contains("upstream  api, 9 of 10\n") && result.output.contains("upstream  next, 1 of 10\n"))
        let client = try program("explain", "GET", "http://api.test/v1/x", "--client", "10.1.1.1", "-c", file)
        #expect(client.output.contains("route     routes[4], line 7: api.test regex ^/v1/\n"))
    }

    @Test func programsReadJSON() throws {
        let result = try program("explain", "GET", "http://x.test/a%2Fb", "-c", file, "--json")
        #expect(result.has(code: 1))
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(
            answer["status"] as? Int == 400 && answer["route"] as? Int == 0 && answer["path"] as? String == "/a%2Fb")
        let routes = try #require(answer["routes"] as? [[String: Any]])
        #expect(routes.map { $0["verdict"] as? String } == ["taken", "host", "host", "host", "host"])
        #expect(routes.map { $0["line"] as? Int } == [3, 4, 5, 6, 7])
        let upstreams =
            try #require(
                try JSONSerialization.jsonObject(
                    with: Data(try program("explain", "GET", "http://x.test/", "-c", file, "--json").output.utf8))
                    as? [String: Any])["upstreams"] as? [[String: Any]]
        #expect(upstreams?.map { $0["name"] as? String } == ["web"])
    }

    @Test(arguments: [
        (["GET", "api.test/x"], 64, "is not a URL"), (["GET", "http://api.test/..;/"], 1, ""),
        (["GET", "http://api.test/", "-H", "nothing"], 64, "is not a field"),
        (["GET", "http://api.test/", "--client", "x"], 64, "is not an IP address"),
        (["G T", "http://api.test/"], 1, ""), (["GET", "http://a b/"], 1, ""),
    ])
    func refusesQuestionsThatAreNone(arguments: [String], code: Int32, message: String) throws {
        let result = try program(with: ["explain"] + arguments + ["-c", file])
        #expect(result.has(code: code))
        #expect(message.isEmpty ? result.errors.isEmpty : result.errors.contains(message))
        #expect(code == 64 || result.output.contains("answer    400: "))
    }

    // MARK: What becomes of it

    private static let actions = """
        listeners: [{address: ':1'}]
        access:
          - {name: watch, action: log, path: /users/*}
          - {name: new, action: deny, path: /users/*, shadow: true}
          - {name: office, action: allow, path: /secret/*, clients: 192.0.2.0/24}
          - {action: deny, path: /secret/*, status: 404}
        auth: {apiKeys: {file: FOLDER/keys, query: key}}
        routes:
          - path: /users/{id}/*
            upstream: app
            mirror: {to: copy, share: 10%}
            rewrite:
              path: "/v2/people/{path.id}/{rest}"
              query: {set: {from: "{client.ip}"}, remove: [debug]}
              host: "{path.id}.inner.test"
            requestFields:
              set: {X-User: "{path.id}", X-Request-ID: fixed}
              remove: [X-Debug]
              rename: {X-Old: X-New}
          - {path: /old/*, redirect: {to: "https://{host}/new/{rest}?q={query.q}", status: 308}, responseFields: {set: {X-A: b}}}
          - {path: /hello, respond: {body: "hello\\n"}}
          - {path: /*, upstream: app, auth: off}
        upstreams:
          app: {servers: ["127.0.0.1:1"]}
          copy: {servers: ["127.0.0.1:2"]}

        """

    /// What is said of a request, without the routes that it does not take.
    private func explain(_ arguments: String...) throws -> (output: [String], code: Int32) {
        _ = try folder.write("backup:" + String(repeating: "0", count: 64) + "\n", to: "keys")
        let config = try folder.write(Self.actions.replacing("FOLDER", with: folder.path), to: "actions.yaml")
        let result = try program(with: ["explain"] + arguments + ["-c", config])
        guard case .code(let code) = result.exit else { return (["\(result.exit)"], -1) }
        let lines = result.output.replacing(folder.path, with: "FOLDER").split(separator: "\n").map(String.init)
        return (Array(lines.prefix { $0 != "others" }), code)
    }

    @Test func saysWhatTheServerGets() throws {
        let fields = ["X-Debug: 1", "X-User: me", "X-Old: o", "Accept: */*", "X-Authenticated-Key: forged"]
        let target = "http://a.test/users/7/./photos?debug=1&s=2"
        let result = try explain(
            "GET", target, "-H", fields[0], "-H", fields[1], "-H", fields[2], "-H", fields[3], "-H", fields[4])
        #expect(result.code == 0)
        #expect(
            result.output == [
                "request   GET " + target,
                "path      /users/7/photos",
                "route     routes[0], line 9: /users/{id}/*",
                "access    watch notes it",
                "          new would refuse it with 403, and is only tried out",
                "auth      a key of FOLDER/keys, in X-API-Key or the parameter key",
                "upstream  app",
                "          127.0.0.1:1",
                "gets      GET /v2/people/7/photos?s=2&from=127.0.0.1",
                "          Host: 7.inner.test",
                "          X-New: o",
                "          X-User: 7",
                "          X-Request-ID: fixed",
                "          X-Authenticated-Key: (the client's name)",
                "          without X-Debug",
                "          without X-Old",
                "copy      copy, of 10 in 100 requests",
            ])
    }

    @Test func saysWhatIsAnsweredFromHere() throws {
        let redirect = try explain("GET", "https://a.test/old/x%20y?q=1%262")
        #expect(redirect.code == 1)
        #expect(
            redirect.output.suffix(3) == [
                "answer    308", "          Location: https://a.test/new/x%20y?q=1%262", "          X-A: b",
            ])
        let content = try explain("GET", "http://a.test/hello")
        #expect(content.code == 1)
        #expect(
            content.output.suffix(3) == [
                "answer    200", "          Content-Type: text/plain; charset=utf-8", "          6 bytes of content",
            ])
        let bad = try explain("GET", "http://a.test/users/a@b/x")
        #expect(bad.code == 1 && bad.output.contains("answer    400: malformed host"))
    }

    @Test func saysWhichRulesDecide() throws {
        let refused = try explain("GET", "http://a.test/secret/x")
        #expect(refused.code == 1)
        #expect(
            refused.output.suffix(2) == [
                "access    access[3] refuses it with 404", "answer    404: refused by an access rule",
            ])
        let admitted = try explain("GET", "http://a.test/secret/x", "--client", "192.0.2.1")
        #expect(admitted.code == 0 && admitted.output.contains("access    office lets it in"))
        #expect(admitted.output.contains("gets      GET /secret/x"))
    }

    @Test func programsReadWhatBecomesOfIt() throws {
        let result = try explain("GET", "http://a.test/users/7/x?a=b", "-H", "X-Debug: 1", "--json")
        let text = result.output.joined(separator: "\n")
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let gets = try #require(answer["gets"] as? [String: Any])
        #expect(gets["path"] as? String == "/v2/people/7/x" && gets["query"] as? String == "a=b&from=127.0.0.1")
        #expect(gets["host"] as? String == "7.inner.test" && gets["removed"] as? [String] == ["X-Debug"])
        let set = try #require(gets["set"] as? [[String: String]])
        #expect(set.first == ["name": "X-User", "value": "7"])
        let access = try #require(answer["access"] as? [[String: Any]])
        #expect(access.map { $0["rule"] as? String } == ["watch", "new"])
        #expect(access.map { $0["shadow"] as? Bool } == [false, true])
        #expect((answer["auth"] as? [String: String])?["by"] == "apiKeys")
        #expect((answer["copy"] as? [String: Any])?["percent"] as? Int == 10)
        let redirect = try explain("GET", "http://a.test/old/x", "--json")
        let other = try #require(
            try JSONSerialization.jsonObject(with: Data(redirect.output.joined(separator: "\n").utf8)) as? [String: Any]
        )
        let said = try #require(other["answer"] as? [String: Any])
        #expect(said["status"] as? Int == 308 && other["status"] as? Int == 308 && other["gets"] == nil)
    }

    @Test func aConfigThatCannotBeUsedIsTold() throws {
        let result = try program("explain", "GET", "http://a/", "-c", "/nowhere.yaml")
        #expect(result.has(code: 78) && result.errors.contains("cannot read the file"))
    }
}
