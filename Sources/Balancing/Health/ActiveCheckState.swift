// What checks say of a server. Pure: results go in.

/// What came of a check.
package enum CheckOutcome: Sendable, Equatable {
    case passed
    /// Why it failed, in a few words.
    case failed(String)
    /// It could not be made, for a reason that is not the server's: no descriptor, no memory.
    case impossible
}

/// What the checks of a server have come to: a few contrary results in a row change it. The first result decides at
/// once, as nothing was known before.
package struct ActiveCheckState: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        case unknown
        case passing
        /// How the latest check failed.
        case failing(String)
    }

    package private(set) var verdict = Verdict.unknown
    /// Results in a row that say the contrary.
    package private(set) var contrary = 0

    package init() {}

    /// One that has come to this before.
    package init(_ verdict: Verdict) { self.verdict = verdict }

    /// Checks begin for a server that has served without: it is well until one says something else.
    package mutating func assumePassing() { if verdict == .unknown { verdict = .passing } }

    /// Takes a result.
    package mutating func note(_ outcome: CheckOutcome, _ settings: CheckSettings) {
        switch (verdict, outcome) {
        case (_, .impossible): return
        case (.unknown, .passed): verdict = .passing
        case (.unknown, .failed(let reason)): verdict = .failing(reason)
        case (.passing, .passed): contrary = 0
        case (.failing, .passed): count(upTo: settings.rise) { $0 = .passing }
        case (.passing, .failed(let reason)): count(upTo: settings.fall) { $0 = .failing(reason) }
        case (.failing, .failed(let reason)):
            contrary = 0
            verdict = .failing(reason)
        }
    }

    private mutating func count(upTo limit: Int, _ change: (inout Verdict) -> Void) {
        contrary += 1
        if contrary < limit { return }
        contrary = 0
        change(&verdict)
    }

    /// How long until the next check, in milliseconds: shorter while the server is down, or about to change.
    /// - Parameter chance: any number, at random.
    package func pause(_ settings: CheckSettings, chance: UInt64) -> UInt64 {
        switch verdict {
        case .failing: return Jitter.apply(settings.jitter, to: settings.downInterval, chance: chance)
        case .unknown, .passing:
            let time = contrary > 0 ? min(settings.downInterval, settings.interval) : settings.interval
            return Jitter.apply(settings.jitter, to: time, chance: chance)
        }
    }
}

/// Times that are not always the same, so that checks do not march in step.
package enum Jitter {
    /// `time`, up to `percent` shorter or longer.
    /// - Parameter chance: any number, at random.
    package static func apply(_ percent: UInt32, to time: UInt64, chance: UInt64) -> UInt64 {
        let span = time * UInt64(min(percent, 100)) / 100
        return time - span + chance % (2 * span + 1)
    }
}
