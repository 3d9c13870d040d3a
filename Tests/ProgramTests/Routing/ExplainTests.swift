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

    @Test func aConfigThatCannotBeUsedIsTold() throws {
        let result = try program("explain", "GET", "http://a/", "-c", "/nowhere.yaml")
        #expect(result.has(code: 78) && result.errors.contains("cannot read the file"))
    }
}
