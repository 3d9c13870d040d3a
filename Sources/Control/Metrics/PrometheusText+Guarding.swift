// What /metrics says of rules, and of the lists that they look into.
import MartletProxy

/// What has become of rules and lists since the start.
package struct GuardCounts: Sendable {
    let rules: [(name: String, action: String, isShadow: Bool, count: UInt64)]
    let reloads: UInt64
    let failures: UInt64
    let desks: DeskCounts

    init(
        _ access: AccessModel, _ files: (reloads: UInt64, failures: UInt64), _ desks: DeskCounts = DeskCounts()
    ) {
        self.desks = desks
        rules = access.rules.indices.map { index in
            let rule = access.rules[index]
            return (rule.name, "\(rule.action)", rule.isShadow, access.counts.read(index))
        }
        (reloads, failures) = files
    }
}

/// Which upstreams the requests of routes with `split` went to.
package struct SplitCounts: Sendable {
    let shares: [(route: String, upstream: String, count: UInt64)]

    init(_ splits: [SplitModel]) {
        shares = splits.flatMap { split in
            split.shares.enumerated().map { (split.route, $1.name, split.counts.read($0)) }
        }
    }
}

/// What has become of what clients show, by the ways to show it.
struct DeskCounts: Sendable {
    var forward = ForwardCounts()
    var tokens = TokenCounts()
    var fetches = FetchCounts()
}

extension PrometheusText {
    static func write(_ counts: SplitCounts, to writer: inout PrometheusWriter) {
        if counts.shares.isEmpty { return }
        let help = "Requests of routes with `split`, by the upstream that they were given to."
        writer.begin(.counter, .init("route_split_requests", help))
        for share in counts.shares {
            writer.sample(String(share.count), [.init("route", share.route), .init("upstream", share.upstream)])
        }
    }

    static func write(_ counts: GuardCounts, to writer: inout PrometheusWriter) {
        if !counts.rules.isEmpty {
            writer.begin(.counter, .init("access_rule_matches", "Requests that a rule of `access` was for."))
            for rule in counts.rules {
                let labels: [MetricLabel] = [
                    .init("rule", rule.name), .init("action", rule.action), .init("shadow", "\(rule.isShadow)"),
                ]
                writer.sample(String(rule.count), labels)
            }
        }
        writer.begin(.counter, .init("list_reloads", "Times that files of networks, users or keys were loaded anew."))
        writer.sample(String(counts.reloads))
        writer.begin(
            .counter, .init("list_reload_failures", "Changes of files of networks, users or keys that were refused."))
        writer.sample(String(counts.failures))
        write(counts.desks.forward, to: &writer)
        write(counts.desks.tokens, to: &writer)
        writer.begin(.counter, .init("jwks_fetches", "Times that keys of tokens were fetched, by what came of it."))
        writer.sample(String(counts.desks.fetches.loaded), [.init("outcome", "loaded")])
        writer.sample(String(counts.desks.fetches.failed), [.init("outcome", "failed")])
    }

    private static func write(_ counts: TokenCounts, to writer: inout PrometheusWriter) {
        writer.begin(.counter, .init("jwt_checks", "Tokens that were shown, by what came of it."))
        for (outcome, count) in [
            ("good", counts.good), ("bad", counts.bad), ("overflow", counts.overflowed),
            ("remembered", counts.remembered),
        ] {
            writer.sample(String(count), [.init("outcome", outcome)])
        }
    }

    private static func write(_ counts: ForwardCounts, to writer: inout PrometheusWriter) {
        writer.begin(
            .counter,
            .init("forward_auth_questions", "Requests about which another service decides, by what came of it."))
        for (outcome, count) in [
            ("allowed", counts.allowed), ("refused", counts.refused), ("failed", counts.failed),
            ("overflow", counts.overflowed), ("remembered", counts.remembered), ("joined", counts.joined),
        ] {
            writer.sample(String(count), [.init("outcome", outcome)])
        }
    }
}
