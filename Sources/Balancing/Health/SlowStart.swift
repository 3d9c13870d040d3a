// A growing share for a server that has just come.

/// The share grows in equal steps.
package enum SlowStart {
    private static var steps: UInt64 { 20 }

    /// The share in thousandths, `elapsed` of `time` after the server came.
    package static func share(elapsed: UInt64, of time: UInt64) -> UInt32 {
        if elapsed >= time { return 1_000 }
        return UInt32((elapsed * steps / time + 1) * 1_000 / steps)
    }

    /// How long until the share grows next.
    package static func untilNextStep(elapsed: UInt64, of time: UInt64) -> UInt64 {
        if elapsed >= time { return 0 }
        let step = elapsed * steps / time + 1
        // Rounded up: a step is not told before it is there.
        return (step * time + steps - 1) / steps - elapsed
    }
}
