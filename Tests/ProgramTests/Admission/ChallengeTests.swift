// Clients that have to show that they are browsers.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ChallengeTests {
    private static func cookie(_ value: String) -> [String] {
        ChallengeStage.fields + ["Cookie: a=b; martlet_pass=\(value); c=d"]
    }

    @Test func aBrowserThatHasSolvedThePuzzleGoesOn() throws {
        let stage = try ChallengeStage()
        let page = try stage.ask("GET /x?y=z")
        #expect(page.status == 403 && page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page["Cache-Control"] == "no-store" && page.text.contains("<noscript>"))
        let solution = try ChallengeStage.solve(try ChallengeStage.puzzle(in: page.text))
        #expect(stage.origin.requests.isEmpty)
        for _ in 0..<2 {
            let answer = try stage.ask("GET /x?y=z", Self.cookie(solution))
            #expect(answer.status == 200 && answer.text == "GET /x?y=z")
        }
        // Another host of the same network is another of the same.
        #expect(try stage.ask("POST /form", Self.cookie(solution), from: "192.0.2.250", content: "a=b").status == 200)
        #expect(try stage.ask("GET /", Self.cookie(solution) + ["Cookie: e=f"]).status == 200)
        #expect(try stage.count("issued") == 1 && stage.count("passed") == 4 && stage.count("failed") == 0)
        let line = try stage.martlet.accessLogLine(target: "/x?y=z")
        #expect(line["error"] == "has not shown that it is a browser: no solution was shown")
        #expect(line["access_rule"] == "browsers" && line["side"] == "client" && line["status"] == "403")
        let metrics = try stage.martlet.metrics
        #expect(
            metrics["martlet_access_rule_matches_total{rule=\"browsers\",action=\"challenge\",shadow=\"false\"}"] == 5)
        try stage.martlet.stop()
    }

    /// What others have solved, what nobody has given out, and what is no solution.
    @Test func forgeriesAreOfNoUse() throws {
        let stage = try ChallengeStage("difficulty: 9")
        let good = try stage.pass()
        let parts = good.split(separator: ".").map(String.init)
        let puzzle = parts.prefix(3).joined(separator: ".")
        let wrong = try #require(
            (0..<100).lazy.map { "\(puzzle).\($0)" }.first {
                SHA256.zeroBits(SHA256.digest(of: Array($0.utf8))) < 9
            })
        let later = String((Int(parts[0], radix: 16) ?? 0) + 1_000, radix: 16)
        let forged = [
            try ChallengeStage.solve("\(later).9.\(parts[2])"), try ChallengeStage.solve("\(parts[0]).1.\(parts[2])"),
            try ChallengeStage.solve("\(parts[0]).9.AAAAAAAAAAAAAAAAAAAAAA"),
        ]
        for (number, value) in forged.enumerated() {
            #expect(try stage.ask("GET /forged\(number)", Self.cookie(value)).status == 403)
            let line = try stage.martlet.accessLogLine(target: "/forged\(number)")
            #expect(line["error"]?.hasSuffix("the puzzle was not given to this client") == true)
        }
        #expect(try stage.ask("GET /wrong", Self.cookie(wrong)).status == 403)
        #expect(try stage.martlet.accessLogLine(target: "/wrong")["error"]?.hasSuffix("the solution is wrong") == true)
        let odd = [
            "", ".", "...", puzzle, "\(puzzle).", "\(puzzle).x", "\(good).1",
            "\(puzzle).\(String(repeating: "1", count: 60))",
            "zz.8.a.1", "-1.8.a.1", "99999999999999999999.8.a.1", "\(parts[0]).-8.\(parts[2]).1", "%00.8.a.1",
        ]
        for value in odd {
            #expect(try stage.ask("GET /odd", Self.cookie(value)).status == 403, "\(value)")
        }
        // From another network, of either kind, and by another browser.
        for address in ["192.0.3.7", "2001:db8::7"] {
            #expect(try stage.ask("GET /", Self.cookie(good), from: address).status == 403, "\(address)")
        }
        var other = Self.cookie(good)
        other[1] = "User-Agent: Browser/2"
        #expect(try stage.ask("GET /", other).status == 403)
        #expect(try stage.ask("GET /", other.filter { !$0.hasPrefix("User-Agent") }).status == 403)
        #expect(stage.origin.requests.isEmpty)
        #expect(try stage.ask("GET /", Self.cookie(good)).status == 200)
        // One of two cookies is good.
        let both = ChallengeStage.fields + ["Cookie: martlet_pass=\(wrong)", "Cookie: martlet_pass=\(good)"]
        #expect(try stage.ask("GET /", both).status == 200)
        #expect(try stage.count("passed") == 2)
        try stage.martlet.stop()
    }

    @Test func networksOfIPv6AreAsLargeAsThoseThatPeopleHave() throws {
        let stage = try ChallengeStage()
        let good = try stage.pass(from: "2001:db8:1:2::3")
        #expect(try stage.ask("GET /", Self.cookie(good), from: "2001:db8:1:2:ffff::1").status == 200)
        #expect(try stage.ask("GET /", Self.cookie(good), from: "2001:db8:1:3::3").status == 403)
        try stage.martlet.stop()
    }

    @Test func aPassIsOverAfterItsTime() throws {
        let stage = try ChallengeStage("difficulty: 4, passFor: 2s, cookie: shown")
        let good = try stage.pass()
        let fields = ChallengeStage.fields + ["Cookie: shown=\(good)"]
        #expect(try stage.ask("GET /", fields).status == 200)
        try eventually("the pass is over") { try stage.ask("GET /late", fields).status == 403 }
        try eventually("a log line with the reason") {
            try stage.martlet.accessLog.contains {
                $0["target"] == "/late"
                    && $0["error"] == "has not shown that it is a browser: the solution has expired"
            }
        }
        try stage.martlet.stop()
    }

    /// A secret makes passes that others with it take, and that outlive a process.
    @Test func passesOfOthersWithTheSameSecretCount() throws {
        let secret = "difficulty: 4, secret: 2c26b46b68ffc68ff99b453c1d304134"
        let one = try ChallengeStage(secret)
        let two = try ChallengeStage(secret)
        let without = try ChallengeStage("difficulty: 4")
        let harder = try ChallengeStage("difficulty: 5, secret: 2c26b46b68ffc68ff99b453c1d304134")
        let good = try one.pass()
        for (stage, status) in [(one, 200), (two, 200), (without, 403), (harder, 403)] {
            #expect(try stage.ask("GET /", Self.cookie(good)).status == status)
            try stage.martlet.stop()
        }
    }

    @Test func programsAreToldWhy() throws {
        let stage = try ChallengeStage()
        for accept in [[], ["Accept: */*"], ["Accept: application/json"]] {
            let answer = try stage.ask("GET /api", accept)
            #expect(answer.status == 403 && answer["Content-Type"] == "application/json")
            let object = try JSONSerialization.jsonObject(with: Data(answer.content)) as? [String: Any]
            #expect(
                (object?["detail"] as? String)?.hasPrefix("This is for browsers") == true
                    && object?["status"] as? Int == 403)
        }
        // A form is sent again by the browser once the page has done its work.
        let form = try stage.ask("POST /form", content: "a=b")
        #expect(form.status == 403 && form.text.contains("data-puzzle"))
        let head = try stage.ask("HEAD /")
        #expect(head.status == 403 && head.content.isEmpty && head["Content-Type"] == "text/html; charset=utf-8")
        let call = try stage.ask("POST /a.B/C", ["Content-Type: application/grpc", "TE: trailers"])
        #expect(call.status == 200 && call["grpc-status"] == "7")
        #expect(try stage.count("issued") == 2 && stage.origin.requests.isEmpty)
        try stage.martlet.stop()
    }

    /// Nothing of a route keeps the page from doing what it is for.
    @Test func thePageMayDoWhatItHasToAndNothingElse() throws {
        let stage = try ChallengeStage(
            route: ", secureHeaders: strict, responseFields: {set: {Content-Security-Policy: \"default-src 'none'\"}}")
        let page = try stage.ask("GET /")
        let policy = try #require(page["Content-Security-Policy"])
        #expect(page.values("Content-Security-Policy").count == 1 && policy.hasPrefix("default-src 'none'; "))
        for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
            let parts = page.text.components(separatedBy: "<\(tag)>")
            #expect(parts.count == 2)
            let inline = parts[1].components(separatedBy: "</\(tag)>")[0]
            let digest = Data(SHA256.digest(of: Array(inline.utf8))).base64EncodedString()
            #expect(policy.contains("\(directive) 'sha256-\(digest)'"), "\(tag)")
        }
        #expect(!page.text.contains("http:") && !page.text.contains("src="))
        try stage.martlet.stop()
    }

    @Test func rulesGoOnBehindIt() throws {
        let stage = try ChallengeStage(
            rules: """
                [{name: office, action: allow, clients: 198.51.100.0/24}, {name: try, action: challenge, shadow: true},
                 {name: browsers, action: challenge, path: /shop/*}, {name: closed, action: deny, path: /shop/closed}]
                """)
        #expect(try stage.ask("GET /shop", from: "198.51.100.7").status == 200)
        #expect(try stage.ask("GET /other").status == 200)
        #expect(try stage.martlet.accessLogLine(target: "/other")["access_rule"] == "try")
        let good = try ChallengeStage.solve(try ChallengeStage.puzzle(in: try stage.ask("GET /shop").text))
        #expect(try stage.ask("GET /shop/1", Self.cookie(good)).status == 200)
        #expect(try stage.ask("GET /shop/closed", Self.cookie(good)).status == 403)
        #expect(try stage.martlet.accessLogLine(target: "/shop/closed")["access_rule"] == "closed")
        try stage.martlet.stop()
    }

    /// A browser asks without cookies whether a page may ask.
    @Test func preflightsAreLetThrough() throws {
        let stage = try ChallengeStage(route: ", cors: {origins: ['https://app.test']}")
        let origin = "Origin: https://app.test"
        let asked = try stage.ask("OPTIONS /", [origin, "Access-Control-Request-Method: GET"])
        #expect(asked.status == 204)
        let refused = try stage.ask("GET /", [origin])
        #expect(refused.status == 403 && refused["Access-Control-Allow-Origin"] == "https://app.test")
        try stage.martlet.stop()
    }

    // MARK: The script

    private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The page's script, in an engine that is not ours, with as much of a browser as it uses.
    @Test(.enabled(if: node != nil, "node is not installed")) func theScriptSolvesThePuzzle() throws {
        let stage = try ChallengeStage("difficulty: 10")
        let page = try stage.ask("GET /").text
        let script = page.components(separatedBy: "<script>")[1].components(separatedBy: "</script>")[0]
        let name = try #require(page.firstMatch(of: /data-cookie="([^"]+)"/)).output.1
        let puzzle = try ChallengeStage.puzzle(in: page)
        func run(_ cookies: String) throws -> String {
            let browser = """
                let jar=\(cookies.debugDescription),word={textContent:""};
                const document={body:{dataset:{cookie:"\(name)",age:"60",puzzle:"\(puzzle)"}},getElementById:()=>word,
                get cookie(){return jar},set cookie(v){jar+="; "+v.split(";")[0];console.log("set "+v)}};
                const location={protocol:"http:",reload(){console.log("again "+jar)}};
                \(script)
                if(word.textContent)console.log("word "+word.textContent)
                """
            return try ChildProcess.run(Self.node ?? "", ["-e", browser]).output
        }
        let lines = try run("a=b").split(separator: "\n").map(String.init)
        #expect(lines.count == 2 && lines[0].hasSuffix("; Path=/; Max-Age=60; SameSite=Lax"))
        let jar = try #require(lines.last).dropFirst("again ".count)
        #expect(try stage.ask("GET /", ChallengeStage.fields + ["Cookie: \(jar)"]).status == 200)
        // Who was refused with what it has just found stops.
        #expect(try run("martlet_pass=\(puzzle).1").hasPrefix("word This did not work"))
        try stage.martlet.stop()
    }
}
