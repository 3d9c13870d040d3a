// When to order, and when to try again. Pure: time and chance come in as arguments.

/// When the next order of one certificate begins. Times are in seconds since 1970.
package struct RenewalSchedule: Equatable, Sendable {
    /// The first wait after a failure, in seconds. It doubles with each one that follows.
    package static let shortestWait: Int64 = 60
    /// The longest, in seconds.
    package static let longestWait: Int64 = 6 * 3600

    private let seed: UInt64
    /// How many orders have failed one after the other.
    package private(set) var failures = 0

    /// - Parameter seed: what jitter is made of; the same seed gives the same times.
    package init(seed: UInt64) { self.seed = seed }

    /// At two thirds of the certificate's life, give or take a twentieth of it.
    package func renewal(notBefore: Int64, notAfter: Int64) -> Int64 {
        let life = Double(max(0, notAfter - notBefore))
        return notBefore + Int64(life * (2.0 / 3 + 0.05 * (2 * share(0) - 1)))
    }

    /// Before this time, a certificate is not renewed, whatever its times or the authority say: it would never end. An hour
    /// after it was issued, or half of what is left to it then if that is less, but ten seconds.
    package static func soonest(issued: Int64, notAfter: Int64) -> Int64 {
        issued + max(10, min(3600, (notAfter - issued) / 2))
    }

    /// After this time, a certificate is renewed in any case, though the authority's window may lie later.
    package static func latest(notBefore: Int64, notAfter: Int64) -> Int64 {
        notAfter - max(0, notAfter - notBefore) / 10
    }

    /// Somewhere in the window that the authority suggests (RFC 9773 section 4.2).
    package func renewal(start: Int64, end: Int64) -> Int64 {
        start + Int64(Double(max(0, end - start)) * share(1))
    }

    /// An order has failed; when to try again.
    /// - Parameter retryAfter: how many seconds the authority wants to be left alone.
    package mutating func failed(now: Int64, retryAfter: Int64? = nil) -> Int64 {
        failures += 1
        let wait = min(Self.longestWait, Self.shortestWait << Int64(min(failures - 1, 20)))
        // A tenth up or down, so that those who failed together do not come back together.
        let jittered = Int64(Double(wait) * (0.9 + 0.2 * share(UInt64(failures) &+ 1)))
        return now + max(min(jittered, Self.longestWait), retryAfter ?? 0)
    }

    /// An order has succeeded.
    package mutating func succeeded() { failures = 0 }

    /// From 0 to 1: the `number`th that the seed gives (SplitMix64).
    private func share(_ number: UInt64) -> Double {
        var mixed = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
