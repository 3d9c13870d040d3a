// Facts that have all families of metrics.
import MartletCertificates
import MartletEventLoop
import MartletProxy
import MartletTelemetry

@testable import MartletControl

enum AllFacts {
    /// A name of each scope.
    private static var labels: ScopeLabels {
        var labels = ScopeLabels()
        for scope in Scope.allCases { labels[scope] = [.init(name: "a", block: Scope.other)] }
        return labels
    }

    static func make() -> MetricsFacts {
        let snapshot = MetricsSnapshot(of: [LoopMetrics(servers: 1)])
        var status = AcmeStatus()
        status.nextTry = 1
        var certificates = CertificateCounts()
        certificates.acme = [.init(name: "a.test", status)]
        certificates.expiries = [.init(owner: "web", name: "a.test", keyType: "Ed25519", notAfter: 1)]
        var access = AccessModel()
        access.rules = [AccessRule(name: "a", action: .deny)]
        access.counts = RuleCounts(1)
        var facts = MetricsFacts(snapshot, about: ("1", .epoll))
        facts.names = MetricNames(servers: [(upstream: "a", server: "b")], labels: labels)
        facts.busy = [1]
        facts.reloads = ReloadCounts()
        facts.upgrades = UpgradeCounts()
        facts.traces = TraceCounts()
        facts.discovery = DiscoveryCounts(sources: [.init(upstream: "a", kind: "dns", age: .seconds(1))])
        facts.accessLog = AccessLogCounts()
        facts.others = (
            certificates, GuardCounts(access, (0, 0)),
            SplitCounts([SplitModel([SplitModel.Share(upstream: 0, name: "a", weight: 1)])])
        )
        return facts
    }
}
