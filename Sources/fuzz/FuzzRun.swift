// One target's run: inputs one after the other, until the time or the number is over or a property does not hold.

/// A target with the bounds of its run.
struct FuzzRun {
    private let target: any FuzzTarget.Type
    private let options: Options
    private let corpus: [[UInt8]]
    private let salt: UInt64
    private let begin = ContinuousClock.now
    private let end: ContinuousClock.Instant?

    init(_ target: any FuzzTarget.Type, _ options: Options) {
        self.target = target
        self.options = options
        corpus = target.seeds
        // So that targets do not all see the same randomness.
        salt = target.name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) }
        let begin = begin
        end = options.seconds.map { begin + .seconds($0 / Double(options.targets.count)) }
    }

    /// How many inputs were tried, nil if a property did not hold for one.
    func run() -> Int? {
        var accepted = 0
        var executions = 0
        var progress = begin + .seconds(2)
        while options.iterations.map({ UInt64(executions) < $0 }) ?? true {
            // Looking at the clock costs as much as parsing a short head.
            if executions % 64 == 0 {
                let now = ContinuousClock.now
                if let end, now >= end { break }
                if now >= progress {
                    say(summary(executions, accepted))
                    progress = now + .seconds(2)
                }
            }
            guard let wasAccepted = tryOne(options.first &+ UInt64(executions)) else { return nil }
            executions += 1
            if wasAccepted { accepted += 1 }
        }
        say(summary(executions, accepted) + ", done")
        return executions
    }

    /// Tries the input of this number, which depends on the target, the seed and the number only.
    private func tryOne(_ number: UInt64) -> Bool? {
        if options.traces { say("\(target.name) \(number)") }
        var random = Randomness(seed: options.seed ^ salt &+ number &* 0x9E37_79B9_7F4A_7C15)
        let input = Mutator.input(from: corpus, &random)
        do throws(Violation) {
            return try target.check(input, &random)
        } catch {
            report(error, input, number)
            return nil
        }
    }

    private func report(_ violation: Violation, _ input: [UInt8], _ number: UInt64) {
        say(
            """
            VIOLATED in \(target.name): \(violation.property)
              seed \(options.seed), input \(number), \(input.count) bytes
              hex: \(hex(input))
              text: "\(escaped(input))"
              again: martlet-fuzz \(target.name) --seed \(options.seed) --first \(number) --iterations 1
            """)
    }

    private func summary(_ executions: Int, _ accepted: Int) -> String {
        let elapsed = ContinuousClock.now - begin
        let rate = Int(Double(executions) / max(elapsed / .seconds(1), 0.001))
        let share = executions == 0 ? 0 : accepted * 100 / executions
        return "\(target.name): \(executions) executions, \(rate)/s, \(share) % accepted"
    }
}
