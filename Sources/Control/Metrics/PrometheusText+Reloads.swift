// What /metrics says of reloads.

extension PrometheusText {
    static func write(_ counts: ReloadCounts, to writer: inout PrometheusWriter) {
        writer.begin(.counter, .init("reloads", "Reloads, by what came of them: `applied` or `refused`."))
        writer.sample(String(counts.applied), [.init("result", "applied")])
        writer.sample(String(counts.refused), [.init("result", "refused")])
        writer.begin(
            .gauge,
            .init("config_last_reload_successful", "1, or 0 if the config of the last reload was refused."))
        writer.sample(counts.lastSucceeded ? "1" : "0")
        let time = "When the config in force came into force, in seconds since 1970."
        writer.begin(.gauge, .init("config_last_reload_success_timestamp_seconds", time))
        writer.sample(String(counts.lastSuccess))
        let info = "Always 1; the label `hash` tells one state of the config's files from another."
        writer.begin(.gauge, .init("config_info", info))
        writer.sample("1", [.init("hash", counts.hash)])
    }
}
