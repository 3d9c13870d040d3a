// What has become of upgrades, as metrics.

extension PrometheusText {
    static func write(_ counts: UpgradeCounts, to writer: inout PrometheusWriter) {
        for (outcome, count) in [("done", counts.done), ("failed", counts.failed), ("refused", counts.refused)] {
            writer.begin(
                .counter,
                .init(
                    "binary_upgrades", "Times that the program was to be replaced while it ran, by what became of it.",
                    label: .init("outcome", outcome)))
            writer.sample(String(count), [.init("outcome", outcome)])
        }
    }
}
