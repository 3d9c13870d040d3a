// How counters are called in the metrics text.

/// What a counter or gauge is to those who read it.
struct MetricDescriptor: Sendable {
    /// Of the family, without the prefix `martlet_` and without `_total`.
    let name: String
    /// One sentence.
    let help: String
    /// What tells the members of a family from each other; `nil` for a family of one.
    let label: MetricLabel?
    /// How many digits of the count stand behind the point of the base unit: 6 for microseconds, 9 for nanoseconds.
    let decimals: Int

    init(_ name: String, _ help: String, label: MetricLabel? = nil, decimals: Int = 0) {
        self.name = name
        self.help = help
        self.label = label
        self.decimals = decimals
    }

    /// What it is measured in, which is the last word of the name; `nil` for things that are counted.
    var unit: String? { ["seconds", "bytes"].first { name.hasSuffix("_" + $0) } }
}

/// A name of the class [a-z_]+ with any value.
struct MetricLabel: Hashable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
