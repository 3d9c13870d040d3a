// The page for operators names every metric.
import Foundation
import MartletCertificates
import MartletEventLoop
import MartletProxy
import MartletTelemetry
import Testing

@testable import MartletControl

@Suite struct MetricsPageTests {
    @Test func everyFamilyIsExplained() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try ["docs/running.md", "docs/observability.md"].map {
            try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8)
        }.joined()
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
        facts.names = MetricNames(servers: [(upstream: "a", server: "b")])
        facts.reloads = ReloadCounts()
        facts.upgrades = UpgradeCounts()
        facts.traces = TraceCounts()
        facts.discovery = DiscoveryCounts(sources: [.init(upstream: "a", kind: "dns", age: .seconds(1))])
        facts.accessLog = AccessLogCounts()
        facts.others = (
            certificates, GuardCounts(access, (0, 0)),
            SplitCounts([SplitModel([SplitModel.Share(upstream: 0, name: "a", weight: 1)])])
        )
        let text = PrometheusText.render(facts)
        let families = String(decoding: text, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ", maxSplits: 3) }
        #expect(families.count > 30)
        for family in families {
            #expect(page.contains("| `\(family[2])` | \(family[3]) |"), "docs/observability.md lacks \(family[2])")
        }
    }
}
