// What the parts of a running proxy tell each other.
import MartletProxy
import Synchronization

/// Counts and flags that any thread may look at.
final class SharedState: Sendable {
    /// Client connections, over all loops.
    let limits = SharedLimits()
    private let running: Atomic<Int>
    private let draining = Atomic<Bool>(false)

    /// - Parameter running: how many loops there are.
    init(running: Int) { self.running = Atomic(running) }

    /// Whether new requests are taken.
    var isServing: Bool { !draining.load(ordering: .relaxed) }

    func beginDrain() { draining.store(true, ordering: .relaxed) }

    /// Counts the end of a loop; whether it was the last.
    func loopEnded() -> Bool { running.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 }
}
