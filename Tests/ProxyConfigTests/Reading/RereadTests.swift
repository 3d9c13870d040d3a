import MartletProxyConfig
import MartletTestSupport
import Testing

/// A config that is read again: what has not changed is not read anew, and nobody can tell.
@Suite struct RereadTests {
    private static let surroundings = Surroundings { $0 == "UPSTREAM" ? "a" : nil }
    /// Some of which are wrong.
    private static let routes = [
        "upstream: a", "upstream: b, methods: GET", "upstream: \"${UPSTREAM}\"", "redirect: /x", "upstream: nobody",
        "upstrem: a", "upstream: ${NOTHING}", "upstream: null", "upstream: \"a\", name: [x]",
    ]

    private static func route(_ number: Int, _ random: inout SeededRandom) -> String {
        let isGood = Int.random(in: 0..<12, using: &random) > 0
        let choices = isGood ? routes.prefix(4) : routes[...]
        return "  - {path: /\(number), \(choices.randomElement(using: &random) ?? "")}"
    }

    private static func text(_ routes: [String], _ front: String) -> String {
        """
        \(front)
        listeners: [{address: ":1"}]
        routes:
        \(routes.joined(separator: "\n"))
        upstreams:
          a: {servers: ["127.0.0.1:1"]}
          b: {servers: ["127.0.0.1:2"]}

        """
    }

    private func read(
        _ text: String, after before: CheckedConfiguration? = nil
    ) -> Result<CheckedConfiguration, ConfigurationErrors> {
        do throws(ConfigurationErrors) {
            return .success(
                try ConfigurationLoader.check(text, file: "m.yaml", surroundings: Self.surroundings, after: before))
        } catch {
            return .failure(error)
        }
    }

    /// A route that may stand in the shadow of others, or be the same as one of them.
    private static func crowded(_ random: inout SeededRandom) -> String {
        let path = Int.random(in: 0..<12, using: &random)
        let choices = [
            ["", "host: a.test, ", "host: [b.test, A.test], ", "host: \"*.test\", "],
            ["", "", "methods: GET, ", "methods: [GET, PUT], scheme: https, "],
            [
                "path: /\(path), ", "path: \"/\(path)/*\", ", "path: \"/{\(path < 6 ? "a" : "b")}/*\", ",
                "regex: ^/\(path), ",
            ],
        ]
        let parts = choices.map { $0.randomElement(using: &random) ?? "" }
        return "  - {\(parts.joined())upstream: a}"
    }

    /// Edits a config again and again, and has it read after the last one that was good. How many were good, and how many were not.
    private func edit(
        _ seed: Int, _ routes: [String], _ make: (Int, inout SeededRandom) -> String
    ) -> (good: Int, bad: Int, warnings: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var number = 20
        var routes = routes
        var front = ""
        var before: CheckedConfiguration?
        var (good, bad, warnings) = (0, 0, 0)
        for _ in 0..<30 {
            let text = Self.text(routes, front)
            switch (read(text, after: before), read(text)) {
            case (.success(let one), .success(let other)):
                #expect(one == other)
                before = one
                good += 1
                warnings += one.warnings.count
            case (.failure(let one), .failure(let other)):
                #expect(one.diagnostics == other.diagnostics)
                bad += 1
            default: Issue.record("seed \(seed): one is good, the other is not:\n\(text)")
            }
            number += 1
            let place = Int.random(in: 0..<routes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: routes.insert(make(number, &random), at: place)
            case 1 where routes.count > 3: routes.remove(at: place)
            case 2: front += "# a line more\n"
            default: routes[place] = make(number, &random)
            }
        }
        return (good, bad, warnings)
    }

    @Test(arguments: 0..<30)
    func itSaysWhatItWouldSayToWhomeverReadsItFirst(seed: Int) {
        let routes = (0..<20).map { "  - {path: /\($0), upstream: a}" }
        let outcome = edit(seed, routes) { Self.route($0, &$1) }
        #expect(outcome.good > 0 && outcome.good + outcome.bad == 30)
    }

    /// Shadows are only looked for where routes are new.
    @Test func itFindsTheShadowsThatWhoeverReadsItFirstFinds() {
        var total = (good: 0, bad: 0, warnings: 0)
        for seed in 0..<40 {
            let routes = (0..<6).map { "  - {path: /\($0), host: \"*.test\", upstream: a}" }
            let outcome = edit(seed, routes) { Self.crowded(&$1) }
            total = (total.good + outcome.good, total.bad + outcome.bad, total.warnings + outcome.warnings)
        }
        #expect(total.good > 200 && total.bad > 50 && total.warnings > 100)
    }
}
