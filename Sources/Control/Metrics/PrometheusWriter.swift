// The rules of Prometheus' text format, version 0.0.4: families with HELP and TYPE, samples with escaped labels.

/// Writes the text, one family after the other.
struct PrometheusWriter {
    /// As the format calls the kinds of families.
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""
    private var family = ""

    /// Begins a family unless it is the one at hand. `_total` is added to the name of a counter.
    mutating func begin(_ kind: Kind, _ descriptor: MetricDescriptor) {
        let name = "martlet_" + descriptor.name + (kind == .counter ? "_total" : "")
        if name == family { return }
        family = name
        text += "# HELP \(name) \(Self.escaped(descriptor.help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes a sample of the family at hand.
    /// - Parameter suffix: of the name, as histograms have it.
    mutating func sample(_ value: String, _ labels: [MetricLabel] = [], suffix: String = "") {
        text += family + suffix
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// A count of small units in the base unit: 1500000 with 6 decimals is "1.5".
    static func decimal(_ count: UInt64, decimals: Int) -> String {
        let digits = String(count)
        if decimals == 0 { return digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        var fraction = padded.suffix(decimals)
        while fraction.last == "0" { fraction.removeLast() }
        let whole = padded.dropLast(decimals)
        return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
