// Results as Markdown.
import MartletBalancing

/// Writes a scenario's results, a line for each policy.
package struct ResultTable {
    private let scenario: Scenario
    private var lines: [String] = []

    package init(_ scenario: Scenario) { self.scenario = scenario }

    /// Adds a policy's outcome.
    package mutating func add(_ name: String, _ outcome: Outcome) {
        let times = [0.5, 0.99, 0.999].map { Self.milliseconds(outcome.percentile($0)) }
        let spreads = [outcome.requestSpread, outcome.workSpread, outcome.failed, outcome.repeats].map {
            Self.fixed($0 * 100, 1) + " %"
        }
        let cells = ["`\(name)`"] + times + spreads + [String(outcome.longestQueue), Self.fixed(outcome.looks, 1)]
        lines.append("| " + cells.joined(separator: " | ") + " |")
    }

    /// The table, with its heading.
    package var text: String {
        let heading =
            "| policy | p50 | p99 | p99.9 | requests | work | failed | repeats | longest | looks |"
        return "**\(scenario.name)**: \(scenario.words)\n\n\(heading)\n|---|---|---|---|---|---|---|---|---|---|\n"
            + lines.joined(separator: "\n") + "\n"
    }

    /// A time; more than ten seconds are a queue that grows without end.
    private static func milliseconds(_ time: UInt64) -> String {
        time > 10_000_000_000 ? "> 10,000" : fixed(Double(time) / 1e6, 1)
    }

    /// A number with so many digits after the point.
    static func fixed(_ number: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((number * scale).rounded())
        let whole = scaled / Int(scale)
        let rest = String(scaled % Int(scale))
        return digits == 0 ? "\(whole)" : "\(whole)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}
