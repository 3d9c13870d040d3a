// What servers are worth: how soon they answer, how often they fail, what they say of themselves.
// The figures behind the constants: docs/decisions/0011-choosing-servers.md.

/// How fast knowledge comes and goes.
enum Memory {
    /// What is known of a server that nobody asks is worth half after 2³³ ns, 8.6 s. A power of two, so that nothing is
    /// divided.
    static var halfLife: UInt64 { 33 }
    /// A server is not judged by its first four answers, which often wait for connections, caches and compilers, and then
    /// by the mean of the next four.
    static var unjudged: UInt64 { 4 }
    static var first: UInt64 { 4 }
    /// A new latency counts for at least 1/64, however quickly they follow each other; one above the average for 1/16:
    /// what has become slow is to be noticed soon.
    static var gain: UInt64 { 6 }
    static var peakGain: UInt64 { 4 }
    /// A failure, or an answer after failures, counts for 1/16 of the share of failures.
    static var failureGain: UInt64 { 4 }
    /// The share of failures of a server that does nothing but fail.
    static var allFail: UInt64 { 1 << 16 }
    /// A load report is believed for 10 s.
    static var reportTime: UInt64 { 10_000_000_000 }

    /// What is left of `value` after `time` nanoseconds: half after each half-life, on a straight line in between.
    static func left(of value: UInt64, after time: UInt64) -> UInt64 {
        let halves = time >> halfLife
        if halves >= 64 { return 0 }
        let whole = value >> halves
        // 16 bits of the way to the next half; latencies have less than 48.
        let part = (time >> (halfLife - 16)) & 0xffff
        return whole - (whole / 2 &* part) >> 16
    }

    /// The moving average `old` after `sample`, `time` nanoseconds later.
    static func average(_ old: UInt64, _ sample: UInt64, after time: UInt64) -> UInt64 {
        if sample >= old {
            let difference = sample - old
            return old + max(difference >> peakGain, difference - left(of: difference, after: time))
        }
        let difference = old - sample
        return old - max(difference >> gain, difference - left(of: difference, after: time))
    }
}

extension ServerLoads {
    /// The longest latency told apart, in nanoseconds: 39 hours.
    private static var longest: UInt64 { 1 << 47 }

    /// The server's response has begun, `latency` nanoseconds after it was asked.
    package func observe(latency: UInt64, _ server: Int, now: UInt64) {
        let time = sinceOutcome(server, now)
        write(.outcomeTime, server, now)
        // 0 stands for not known.
        let sample = min(max(latency, 1), Self.longest)
        let old = read(.latency, server)
        if old == 0 {
            observeEarly(sample, server)
        } else {
            write(.latency, server, max(Memory.average(old, sample, after: time), 1))
        }
        let failing = read(.failing, server)
        if failing == 0 { return }
        let left = Memory.left(of: failing, after: time)
        write(.failing, server, left - min(left, max(left >> Memory.failureGain, 1)))
    }

    /// Counts the first answers, and adds the latencies of the later of them up.
    private func observeEarly(_ latency: UInt64, _ server: Int) {
        let early = read(.early, server)
        let count = early >> 56
        let sum = early & ((1 << 56) - 1) + (count < Memory.unjudged ? 0 : latency)
        if count + 1 < Memory.unjudged + Memory.first {
            write(.early, server, (count + 1) << 56 | sum)
        } else {
            write(.latency, server, sum / Memory.first)
            write(.early, server, 0)
        }
    }

    /// The server has failed after `elapsed` nanoseconds: a status that says so (429, 5xx), a reset, a timeout. Such an
    /// answer may come at once, and must not make the server attractive.
    package func observeFailure(_ server: Int, elapsed: UInt64, now: UInt64) {
        let time = sinceOutcome(server, now)
        write(.outcomeTime, server, now)
        let failing = Memory.left(of: read(.failing, server), after: time)
        write(.failing, server, failing + (Memory.allFail - failing) >> Memory.failureGain)
        // A timeout says how slow the server is, a quick failure says nothing of that.
        let old = read(.latency, server)
        let sample = min(elapsed, Self.longest)
        if old != 0 && sample > old { write(.latency, server, Memory.average(old, sample, after: time)) }
    }

    private func sinceOutcome(_ server: Int, _ now: UInt64) -> UInt64 {
        let last = read(.outcomeTime, server)
        return now > last ? now - last : 0
    }

    /// The server's latency as a moving average in nanoseconds; 0 if it is not known.
    package func latency(_ server: Int) -> UInt64 { read(.latency, server) }

    /// The share of failures among the latest outcomes, 0…65,536.
    package func failing(_ server: Int) -> UInt64 { read(.failing, server) }

    /// What latency and failures are still worth, 0…65,536. They fade while the server has nothing to do, so that it is
    /// asked again by and by: once, as they count in full while it has something.
    package func worth(_ server: Int, now: UInt64) -> UInt64 {
        inFlight(server) != 0 ? 1 << 16 : Memory.left(of: 1 << 16, after: sinceOutcome(server, now))
    }

    /// The server begins anew: nothing is known of it. For one that comes back, or that is another one now.
    package func forgetLatency(_ server: Int) {
        for column in [Column.latency, .early, .failing, .outcomeTime, .avoidUntil, .utilisation] {
            write(column, server, 0)
        }
    }

    /// The server asked to be left alone until then (Retry-After).
    package func avoid(_ server: Int, until: UInt64) { write(.avoidUntil, server, until) }

    /// Whether the server is to be left alone.
    @inlinable package func isAvoided(_ server: Int, now: UInt64) -> Bool { read(.avoidUntil, server) > now }

    /// The server has reported how busy it is (ORCA), in thousandths; more than 1,000 for overloaded.
    package func report(utilisation: UInt32, _ server: Int, now: UInt64) {
        write(.utilisation, server, UInt64(utilisation) + 1)
        write(.utilisationTime, server, now)
    }

    /// The server's latest report in thousandths; `nil` if there is none that is young enough to be believed.
    package func utilisation(_ server: Int, now: UInt64) -> UInt32? {
        let reported = read(.utilisation, server)
        if reported == 0 || read(.utilisationTime, server) + Memory.reportTime < now { return nil }
        return UInt32(truncatingIfNeeded: reported - 1)
    }
}
