// What came of the demo's own requests, in words. Pure.

/// Says what a tally has.
package struct TallyText: Sendable {
    private let style: Style

    /// Words in this style.
    package init(_ style: Style) { self.style = style }

    /// A few lines.
    package func lines(_ tally: Tally) -> [String] {
        let seconds = Double(tally.nanoseconds) / 1e9
        let rate = seconds > 0 ? Double(tally.answered) / seconds : 0
        let count = NumberText.grouped(UInt64(tally.answered))
        var lines = [
            "  requests   \(count) in \(NumberText.time(microseconds: seconds * 1e6)), \(NumberText.rate(rate)) a second",
            "  status     " + (statuses(tally).isEmpty ? "none" : statuses(tally)),
            "  latency    \(Table.percentiles(tally.latencies))",
            "",
        ]
        lines.append(tally.isPerfect ? "  " + style.green("All were answered.") : "  " + style.red(verdict(tally)))
        return lines
    }

    /// `200: 199, 502: 1`.
    private func statuses(_ tally: Tally) -> String {
        tally.statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }

    private func verdict(_ tally: Tally) -> String {
        let reasons = tally.unanswered.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        let early = tally.ending.map { "Ended early: \($0.text)." }
        let open = tally.wanted - tally.answered
        let missing =
            open == 0
            ? "All were answered, but not all with 200."
            : "\(NumberText.grouped(UInt64(max(0, open)))) of \(NumberText.grouped(UInt64(tally.wanted))) went unanswered"
                + (reasons.isEmpty ? "." : ": " + reasons.joined(separator: ", ") + ".")
        return [early, missing].compactMap(\.self).joined(separator: " ")
    }
}

extension Tally.Ending {
    /// In words.
    var text: String {
        switch self {
        case .interrupted: "interrupted"
        case .silence: "nothing was answered for \(TrafficPlan.patience / 1_000) s"
        case .overtime: "it took too long"
        case .failure(let message): "the client failed: \(message)"
        }
    }
}
