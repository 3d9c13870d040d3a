// The arguments.

/// Arguments that cannot be understood.
struct UsageError: Error {
    let message: String
}

enum Usage {
    /// How it is called.
    static var text: String {
        """
        usage: martlet-fuzz TARGET [--seconds N] [--iterations N] [--seed S] [--first N] [--trace]
          TARGET        all, or one of: \(Program.targets.map { $0.name }.joined(separator: ", "))
          --seconds     how long, of all targets together; 10 unless --iterations is given
          --iterations  the most inputs for each target
          --seed        where randomness begins; another each time unless given
          --first       the number of the first input, to see one again; 0 unless given
          --trace       says the number of each input before it is used, to find one that crashes
        """
    }
}

/// What a run is asked to do.
struct Options {
    var targets: [any FuzzTarget.Type] = []
    /// For all targets together; nil for no limit.
    var seconds: Double?
    /// For each target; nil for no limit.
    var iterations: UInt64?
    var seed = UInt64.random(in: 0...UInt64(UInt32.max))
    var first: UInt64 = 0
    var traces = false

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--seconds": seconds = Double(try Self.number(argument, rest.popFirst()))
            case "--iterations": iterations = try Self.number(argument, rest.popFirst())
            case "--seed": seed = try Self.number(argument, rest.popFirst())
            case "--first": first = try Self.number(argument, rest.popFirst())
            case "--trace": traces = true
            default: targets += try Self.targets(argument)
            }
        }
        guard !targets.isEmpty else { throw UsageError(message: "no target") }
        if seconds == nil, iterations == nil { seconds = 10 }
    }

    private static func number(_ option: String, _ text: String?) throws(UsageError) -> UInt64 {
        guard let text, let number = UInt64(text) else { throw UsageError(message: "\(option) needs a number") }
        return number
    }

    private static func targets(_ name: String) throws(UsageError) -> [any FuzzTarget.Type] {
        if name == "all" { return Program.targets }
        let found = Program.targets.filter { $0.name == name }
        guard !found.isEmpty else { throw UsageError(message: "no target '\(name)'") }
        return found
    }
}
