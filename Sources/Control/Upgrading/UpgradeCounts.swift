// How often one process has followed another.
import Synchronization

/// What has become of upgrades, for the metrics.
package struct UpgradeCounts: Sendable, Equatable {
    /// Handed over, those of the processes before this one included.
    package var done = 0
    package var failed = 0
    package var refused = 0
}

/// Counts that any thread may change.
final class SharedUpgradeCounts: Sendable {
    private let counts: Mutex<UpgradeCounts>

    init(done: Int) { counts = Mutex(UpgradeCounts(done: done)) }

    var value: UpgradeCounts { counts.withLock(\.self) }

    func change(_ body: (inout UpgradeCounts) -> Void) { counts.withLock { body(&$0) } }
}
