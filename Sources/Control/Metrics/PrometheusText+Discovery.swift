// What /metrics says of servers that are found; nothing where none are looked for.

extension PrometheusText {
    static func write(_ counts: DiscoveryCounts, to writer: inout PrometheusWriter) {
        let queries = "Questions to resolvers about servers, by what came of them: `found`, `nothing` or `failed`."
        writer.begin(.counter, .init("discovery_queries", queries))
        for (result, count) in [("found", counts.found), ("nothing", counts.nothing), ("failed", counts.failed)] {
            writer.sample(String(count), [.init("result", result)])
        }
        // An upstream is looked for in two places while one config follows another.
        var seen: Set<String> = []
        let sources = counts.sources.filter { seen.insert($0.upstream).inserted }
        writer.begin(.gauge, .init("discovery_servers", "Servers that have been found, by upstream and source."))
        for source in sources { writer.sample(String(source.servers), labels(source)) }
        writer.begin(
            .counter, .init("discovery_failures", "Answers that did not come, so that old ones stayed in use."))
        for source in sources { writer.sample(String(source.failures), labels(source)) }
        let age = "How old the answer is that is in use, in seconds. Without an answer there is none."
        writer.begin(.gauge, .init("discovery_answer_age_seconds", age))
        for source in sources {
            // Folders are read when they have changed.
            guard source.kind == "dns", let time = source.age else { continue }
            writer.sample(PrometheusWriter.decimal(time.milliseconds, decimals: 3), labels(source))
        }
    }

    private static func labels(_ source: DiscoveryCounts.Source) -> [MetricLabel] {
        [.init("upstream", source.upstream), .init("source", source.kind)]
    }
}
