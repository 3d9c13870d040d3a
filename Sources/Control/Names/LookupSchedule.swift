// When which name is looked up. Pure: time comes in, what is to be done goes out.
import MartletEventLoop

/// Decides on look-ups for several workers. A name that cannot be resolved is asked for again soon, then less and less
/// often, up to its interval, and keeps the addresses that it had.
struct LookupSchedule {
    /// What a worker does next.
    enum Step: Equatable {
        case lookUp(Int)
        case wait(Duration)
        case stop
    }

    /// What a result means.
    enum Outcome: Equatable {
        /// The addresses are others than before.
        case changed([SocketAddress])
        case unchanged
        /// It failed, after it had succeeded, or for the first time.
        case failed
        case failedAgain
    }

    private struct Entry {
        let interval: Duration
        /// On the scale of `now`.
        var due = Duration.zero
        var isBusy = false
        var failures = 0
        var addresses: [SocketAddress] = []
    }

    /// The first pause after a failure.
    private static let firstPause = Duration.seconds(1)
    /// How long a worker waits when all names are with others.
    private static let patience = Duration.seconds(60)

    private var entries: [Entry]
    private(set) var isStopped = false

    init(intervals: [Duration]) { entries = intervals.map { Entry(interval: $0) } }

    mutating func stop() { isStopped = true }

    /// What to do at `now`; a name that is handed out is busy until it is `finished`.
    mutating func next(now: Duration) -> Step {
        if isStopped { return .stop }
        var first: Int?
        for index in entries.indices where !entries[index].isBusy {
            if first.map({ entries[index].due < entries[$0].due }) ?? true { first = index }
        }
        guard let first else { return .wait(Self.patience) }
        if entries[first].due > now { return .wait(entries[first].due - now) }
        entries[first].isBusy = true
        return .lookUp(first)
    }

    /// A look-up has ended; no addresses mean that it failed.
    mutating func finished(_ index: Int, _ addresses: [SocketAddress], now: Duration) -> Outcome {
        entries[index].isBusy = false
        let interval = entries[index].interval
        if addresses.isEmpty {
            let pause = Self.firstPause * (1 << min(entries[index].failures, 6))
            entries[index].due = now + min(pause, interval)
            entries[index].failures += 1
            return entries[index].failures == 1 ? .failed : .failedAgain
        }
        entries[index].due = now + interval
        entries[index].failures = 0
        // Resolvers turn the order of their answers; that alone is no change.
        if Set(entries[index].addresses) == Set(addresses) { return .unchanged }
        entries[index].addresses = addresses
        return .changed(addresses)
    }
}
