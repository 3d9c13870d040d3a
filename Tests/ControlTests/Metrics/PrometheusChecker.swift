@testable import MartletControl

/// Reads Prometheus' text format 0.0.4, or OpenMetrics 1.0.0, by its rules, and the conventions for names; stricter than Prometheus
/// itself.
struct PrometheusChecker {
    /// What is wrong, and in which line.
    struct Violation: Error, Equatable {
        let line: Int
        let rule: String
    }

    /// Values by name and labels, as they are written: `name{a="b"}`.
    private(set) var samples: [String: Double] = [:]
    private(set) var types: [String: String] = [:]
    private var helped: Set<String> = []
    private var ended: Set<String> = []
    private var family = ""
    private var line = 0
    private var lastBound = -Double.infinity
    private var lastCount = 0.0
    private let format: MetricsFormat
    private(set) var labelNames: Set<String> = []

    init(_ text: String, _ format: MetricsFormat = .prometheus) throws(Violation) {
        self.format = format
        guard text.hasSuffix("\n") else { throw Violation(line: 0, rule: "ends with a line feed") }
        var text = Substring(text)
        if format == .openMetrics {
            guard text.hasSuffix("\n# EOF\n") else { throw Violation(line: 0, rule: "ends with EOF") }
            text = text.dropLast(6)
        }
        for content in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            try read(content)
        }
        try endFamily()
    }

    private func require(_ condition: Bool, _ rule: String) throws(Violation) {
        if !condition { throw Violation(line: line, rule: rule) }
    }

    private mutating func read(_ content: Substring) throws(Violation) {
        let words = content.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        if content.hasPrefix("# HELP ") {
            try require(words.count == 4 && words[3].count > 5, "HELP has a name and a text")
            try begin(String(words[2]))
        } else if content.hasPrefix("# TYPE ") {
            try require(words.count == 4, "TYPE has a name and a kind")
            try type(String(words[2]), String(words[3]))
        } else if content.hasPrefix("# UNIT ") {
            try require(format == .openMetrics && words.count == 4, "UNIT has a name and a unit")
            try require(words[2] == family && family.hasSuffix("_" + words[3]), "a name ends with its unit")
        } else {
            try sample(content)
        }
    }

    private mutating func begin(_ name: String) throws(Violation) {
        try endFamily()
        try require(helped.insert(name).inserted, "one HELP for a family")
        try require(Self.isName(name) && name.hasPrefix("martlet_"), "a name in lower case with the prefix")
        family = name
    }

    private mutating func type(_ name: String, _ kind: String) throws(Violation) {
        try require(name == family && types[name] == nil, "one TYPE, right behind HELP")
        try require(["counter", "gauge", "histogram"].contains(kind), "a known kind")
        let hasSuffix = format == .prometheus && kind == "counter"
        try require(name.hasSuffix("_total") == hasSuffix, "_total for counters and for nothing else")
        types[name] = kind
    }

    private mutating func sample(_ content: Substring) throws(Violation) {
        guard let space = content.lastIndex(of: " "), let value = Double(content[content.index(after: space)...]) else {
            throw Violation(line: line, rule: "a sample ends with a number")
        }
        let series = content[..<space]
        let name = String(series.prefix { $0 != "{" })
        let labels = try labels(series.dropFirst(name.count))
        try require(types[family] != nil, "HELP and TYPE before a sample")
        try require(samples.updateValue(value, forKey: String(series)) == nil, "no sample twice")
        if types[family] == "histogram" { return try histogram(name, labels, value) }
        let suffix = format == .openMetrics && types[family] == "counter" ? "_total" : ""
        try require(name == family + suffix, "a sample stands in its family")
        try require(types[family] == "gauge" || value >= 0, "a counter is not negative")
    }

    private mutating func histogram(_ name: String, _ labels: [String: String], _ value: Double) throws(Violation) {
        switch name {
        case family + "_bucket":
            guard let text = labels["le"], let bound = text == "+Inf" ? .infinity : Double(text) else {
                throw Violation(line: line, rule: "a bucket has a bound")
            }
            try require(format == .prometheus || text.contains(".") || text == "+Inf", "a bound has a point")
            try require(bound > lastBound && value >= lastCount, "buckets grow")
            (lastBound, lastCount) = (bound, value)
        case family + "_sum": try require(lastBound == .infinity, "the last bucket is +Inf")
        case family + "_count":
            try require(value == lastCount && lastBound == .infinity, "the count is that of the last bucket")
            (lastBound, lastCount) = (-.infinity, 0)
        default: throw Violation(line: line, rule: "a sample stands in its family")
        }
    }

    private mutating func endFamily() throws(Violation) {
        if types[family] == "histogram" {
            for suffix in ["_sum", "_count"] {
                let isThere = samples.keys.contains { $0.prefix { $0 != "{" } == family + suffix }
                try require(isThere && lastBound == -.infinity, "a histogram has sum and count")
            }
        }
        try require(family.isEmpty || samples.keys.contains { $0.hasPrefix(family) }, "a family has samples")
        (lastBound, lastCount) = (-.infinity, 0)
    }

    /// Reads `{name="value",…}`; values with `\\`, `\"` and `\n` only.
    private mutating func labels(_ text: Substring) throws(Violation) -> [String: String] {
        if text.isEmpty { return [:] }
        guard let match = text.wholeMatch(of: /\{([a-z_]+="([^"\\\n]|\\[\\"n])*"(,(?!\})|(?=\})))+\}/) else {
            throw Violation(line: line, rule: "labels in their syntax")
        }
        var labels: [String: String] = [:]
        for pair in match.output.0.matches(of: /([a-z_]+)="((?:[^"\\]|\\.)*)"/) {
            labelNames.insert(String(pair.output.1))
            try require(
                labels.updateValue(String(pair.output.2), forKey: String(pair.output.1)) == nil, "no label twice")
        }
        return labels
    }

    /// What promtool's linter says besides (prometheus/client_golang: promlint).
    var advice: [String] {
        var advice: [String] = []
        let units = ["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"]
        let notBase = [
            "milliseconds", "microseconds", "nanoseconds", "minutes", "hours", "days", "kilobytes", "bits", "percent",
        ]
        for (name, kind) in types {
            let words = name.split(separator: "_").map(String.init)
            if words.contains(kind) { advice.append("\(name): its kind is in its name") }
            if words.contains(where: units.contains) { advice.append("\(name): an abbreviated unit") }
            if words.contains(where: notBase.contains) { advice.append("\(name): no base unit") }
            if kind != "histogram" && ["count", "sum", "bucket"].contains(words.last ?? "") {
                advice.append("\(name): a suffix of histograms")
            }
            if name.contains(":") { advice.append("\(name): a colon") }
            if !helped.contains(name) { advice.append("\(name): no help") }
        }
        advice += labelNames.filter { $0.contains(where: \.isUppercase) || $0.hasPrefix("__") }.map { "label \($0)" }
        for series in samples.keys where types[String(series.prefix { $0 != "{" })] != nil {
            if series.contains("{le=") || series.contains(",le=") || series.contains("quantile=") {
                advice.append("\(series): a label of histograms")
            }
        }
        return advice.sorted()
    }

    private static func isName(_ name: String) -> Bool { name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil }
}
