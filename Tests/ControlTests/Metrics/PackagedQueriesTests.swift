// The dashboard and the alerts that come with Martlet ask for what there is.
import Foundation
import Testing

@testable import MartletControl

@Suite struct PackagedQueriesTests {
    private static let packaging = URL(filePath: #filePath)
        .appending(path: "../../../../packaging").standardizedFileURL

    private func text(_ name: String) throws -> String {
        try String(contentsOf: Self.packaging.appending(path: name), encoding: .utf8)
    }

    /// All families with their kinds, and the names of their labels.
    private func families() throws -> (types: [String: String], labels: Set<String>) {
        let checker = try PrometheusChecker(String(decoding: PrometheusText.render(AllFacts.make()), as: UTF8.self))
        return (checker.types, checker.labelNames)
    }

    /// Labels that Prometheus adds, or that expressions make.
    private static let others: Set<String> = ["job", "instance", "severity"]

    private func check(_ expression: String, _ what: String) throws {
        let (types, labels) = try families()
        let names = expression.matches(of: /martlet_[a-z0-9_]+/).map { String($0.output) }
        for name in names {
            let base = name.replacing(/_(bucket|sum|count)$/, with: "")
            #expect(
                types[name] != nil && types[name] != "histogram" || types[base] == "histogram" && base != name,
                "\(what): \(name)")
        }
        let used =
            expression.matches(of: /([a-z_]+)\s*(?:=~|!=|=)\s*"/).map { String($0.output.1) }
            + expression.matches(of: /by \(([^)]*)\)/).flatMap { $0.output.1.split(separator: /, */).map(String.init) }
        for label in used { #expect(labels.contains(label) || Self.others.contains(label), "\(what): label \(label)") }
    }

    @Test func theDashboardAsksForWhatThereIs() throws {
        let object = try JSONSerialization.jsonObject(with: Data(try text("grafana-dashboard.json").utf8))
        let dashboard = try #require(object as? [String: Any])
        let panels = try #require(dashboard["panels"] as? [[String: Any]])
        let ids = panels.compactMap { $0["id"] as? Int }
        #expect(ids.count == panels.count && Set(ids).count == ids.count)
        var count = 0
        for panel in panels {
            let title = panel["title"] as? String ?? "?"
            for target in panel["targets"] as? [[String: Any]] ?? [] {
                try check(try #require(target["expr"] as? String), title)
                count += 1
            }
        }
        #expect(count > 50)
        let variables = (dashboard["templating"] as? [String: Any])?["list"] as? [[String: Any]] ?? []
        for variable in variables.compactMap({ $0["definition"] as? String }) { try check(variable, "variable") }
        #expect(variables.count == 5)
    }

    @Test func theAlertsAskForWhatThereIs() throws {
        let rules = try text("prometheus-rules.yml").split(separator: "- alert: ").dropFirst()
        #expect(rules.count >= 10)
        for rule in rules {
            let expression = try #require(rule.firstMatch(of: /expr:([\s\S]*?)\n        for:/)?.output.1)
            try check(String(expression), String(rule.prefix { $0 != "\n" }))
        }
    }
}
