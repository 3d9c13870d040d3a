// The page for operators names every metric.
import Foundation
import Testing

@testable import MartletControl

@Suite struct MetricsPageTests {
    @Test func everyFamilyIsExplained() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try ["docs/running.md", "docs/observability.md"].map {
            try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8)
        }.joined()
        let facts = AllFacts.make()
        let text = PrometheusText.render(facts)
        let families = String(decoding: text, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ", maxSplits: 3) }
        #expect(families.count > 30)
        for family in families {
            #expect(page.contains("| `\(family[2])` | \(family[3]) |"), "docs/observability.md lacks \(family[2])")
        }
    }
}
