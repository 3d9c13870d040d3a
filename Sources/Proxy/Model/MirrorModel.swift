// Copies of requests for another upstream.
import Synchronization

/// Which requests of a route are copied, and where the copies go.
package struct MirrorModel: Sendable {
    /// An index of `Model.upstreams`.
    package let upstream: Int
    /// How many in a hundred requests are copied.
    package let share: UInt64
    /// The most content of a request that is copied, in bytes.
    package var content = 64 << 10
    /// The most copies at a time.
    package var inFlight = 100
    /// How long a copy may take, in milliseconds.
    package var time: UInt64 = 10_000
    /// Those that there are, counted by all loops together.
    private(set) var active = MirrorCount()

    /// - Parameter share: 1...100.
    package init(upstream: Int, share: Int) {
        self.upstream = upstream
        self.share = UInt64(share)
    }

    /// Those that there are already count here as well.
    package mutating func count(with other: MirrorModel) { active = other.active }

    /// Whether a request is one of those that are copied. Numbers are spread evenly over all 64 bits.
    func takes(_ number: UInt64) -> Bool { number.multipliedFullWidth(by: 100).high < share }
}

/// How many copies there are now.
final class MirrorCount: Sendable {
    private let count = Atomic<Int>(0)

    /// Counts one more; `false` at the limit.
    func take(limit: Int) -> Bool {
        if count.add(1, ordering: .relaxed).oldValue < limit { return true }
        giveBack()
        return false
    }

    func giveBack() { count.subtract(1, ordering: .relaxed) }
}

/// What has become of the copy of a request.
enum MirrorNote: UInt8, BitwiseCopyable {
    /// There is none.
    case none
    /// Its content is still coming.
    case gathering
    case sent
    /// There were too many already, or memory was short.
    case tooMany
    case tooLarge
    /// The request has ended before its content had come.
    case incomplete
}
