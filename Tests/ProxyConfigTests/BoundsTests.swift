import MartletProxyConfig
import Testing

/// Files that are made to take for ever, or all memory.
struct BoundsTests {
    static func problems(_ text: String) -> [Diagnostic] {
        do throws(ConfigurationErrors) {
            _ = try ConfigurationLoader.parse(text, file: "m.yaml")
            return []
        } catch {
            return error.diagnostics
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func aBillionLaughsAreNotLaughed() {
        let levels = (1..<40).map {
            "l\($0): &l\($0) [" + repeatElement("*l\($0 - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        let text = "l0: &l0 [x, x]\n" + levels.joined() + "listeners: *l39\n"
        let problems = BoundsTests.problems(text)
        #expect(problems.contains { $0.message == "'listeners[0]' is a list" })
        #expect(problems.count < 100)
    }

    @Test(.timeLimit(.minutes(20)))
    func laughsInAKeyAreRefusedBeforeTheyAreCompared() {
        let levels = (1..<40).map {
            "l\($0): &l\($0) [" + repeatElement("*l\($0 - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        for key in [
            "? *l39\n: x\n", "*l39 : x\n", "? [*l39]\n: x\n", "[*l39, [::1]]: x\n", "[*l39, 1]: x\n", "{a: *l39} : x\n",
            "k: {*l39 : x}\n",
        ] {
            let problems = BoundsTests.problems("l0: &l0 [x, x]\n" + levels.joined() + key)
            #expect(problems.map(\.message) == ["a key that is not a word"], "\(key)")
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func aliasesThatMultiplyAsTheSchemaAllowsAreCounted() {
        let hosts = (0..<1000).map { "h\($0)" }.joined(separator: ", ")
        let routes = String(repeating: "  - *r\n", count: 1000)
        let text = "listeners: [{address: ':1'}]\nroutes:\n  - &r {host: [\(hosts)], upstream: a}\n\(routes)"
        let messages = BoundsTests.problems(text).map(\.message)
        #expect(messages == ["with its aliases expanded, the file has too many values"])
    }

    @Test func manyAliasesAreFine() {
        var text = "listeners: [{address: ':1'}]\nroutes:\n  - {path: /0, upstream: u}\n"
        text += (1...200).map { "  - {path: /\($0), upstream: u\($0)}\n" }.joined()
        text += "upstreams:\n  u: {servers: ['a:1'], pool: &p {maxIdle: 3}}\n"
        text += (1...200).map { "  u\($0): {servers: ['a:1', '[2001:db8::1]:1', \"[::1.2.3.4]:1\"], pool: *p}\n" }
            .joined()
        #expect(BoundsTests.problems(text) == [])
    }

    @Test(.timeLimit(.minutes(20)))
    func ofTensOfThousandsOfProblemsTheFirstThousandAreKept() {
        let text = (0..<20_000).map { "key\($0): 1\n" }.joined()
        #expect(BoundsTests.problems(text).count == 1000)
    }

    @Test(.timeLimit(.minutes(20)))
    func aFileOfOneLongLineIsReadInOneGo() {
        let elements = String(repeating: "{address: 'x'}, ", count: 60_000)
        #expect(BoundsTests.problems("listeners: [\(elements)]").count == 1000)
    }

    @Test(.timeLimit(.minutes(20)))
    func duplicatesBeyondTheFirstTwentyEndTheReading() {
        let duplicates = (0..<40).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        let problems = BoundsTests.problems(base + "log: &log {}\n" + duplicates)
        #expect(problems.count == 1 && problems[0].message.hasPrefix("duplicate key 'k"))
        #expect(problems[0].line > 7)
        // In plain YAML all of them can be said.
        let all = BoundsTests.problems(base + duplicates)
        #expect(all.count { $0.message.hasPrefix("duplicate key") } == 40 && all.count == 80)
    }

    @Test(.timeLimit(.minutes(20)))
    func fiveThousandRoutesAreRead() throws {
        var text = "listeners: [{address: ':1'}]\nroutes:\n"
        text += (0..<5000).map { "  - {host: h\($0).example, path: /a/*, upstream: u\($0 % 100)}\n" }.joined()
        text += "upstreams:\n" + (0..<100).map { "  u\($0): {servers: ['a:1', 'a:2']}\n" }.joined()
        #expect(try ConfigurationLoader.parse(text, file: "m.yaml").routes.count == 5000)
    }
}
