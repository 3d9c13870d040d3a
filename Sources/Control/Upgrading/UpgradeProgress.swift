// How far an upgrade has come, for those who look on.
import Synchronization

/// The upgrade that is going on, or the last one.
package struct UpgradeProgress: Sendable {
    enum Stage: String, CaseIterable, Sendable {
        /// There was none.
        case none
        /// What is being changed is waited for, then the new process is started.
        case starting
        /// It reads the config and looks after its servers.
        case waiting
        /// It is ready, and begins to serve.
        case leaving
        /// It serves.
        case done
        /// All is as it was.
        case failed
    }

    var stage = Stage.none
    var program = ""
    /// The new process.
    var process: Int32?
    var began: ContinuousClock.Instant?
    var ended: ContinuousClock.Instant?
    var failure: UpgradeFailure?

    /// How long it has taken so far, or has taken.
    var milliseconds: Int {
        guard let began else { return 0 }
        return Int(clamping: began.duration(to: ended ?? .now).milliseconds)
    }
}

/// Who has another process follow this one, as the admin API sees it.
struct UpgradeDesk: Sendable {
    let progress: @Sendable () -> UpgradeProgress
    /// Starts an upgrade; the new process when it serves.
    let upgrade: @Sendable () async -> Result<Int32, UpgradeFailure>
}
