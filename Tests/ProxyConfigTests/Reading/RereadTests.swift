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

    @Test(arguments: 0..<30)
    func itSaysWhatItWouldSayToWhomeverReadsItFirst(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var number = 20
        var routes = (0..<20).map { "  - {path: /\($0), upstream: a}" }
        var front = ""
        var before: CheckedConfiguration?
        var (good, bad) = (0, 0)
        for _ in 0..<30 {
            let text = Self.text(routes, front)
            switch (read(text, after: before), read(text)) {
            case (.success(let one), .success(let other)):
                #expect(one == other)
                before = one
                good += 1
            case (.failure(let one), .failure(let other)):
                #expect(one.diagnostics == other.diagnostics)
                bad += 1
            default: Issue.record("seed \(seed): one is good, the other is not:\n\(text)")
            }
            number += 1
            let place = Int.random(in: 0..<routes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: routes.insert(Self.route(number, &random), at: place)
            case 1 where routes.count > 3: routes.remove(at: place)
            case 2: front += "# a line more\n"
            default: routes[place] = Self.route(number, &random)
            }
        }
        #expect(good > 0 && good + bad == 30)
    }
}
