// What a running proxy goes by, and who looks after it beside the loops.
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import Synchronization

/// A config, with all that has been made of it.
struct InForce: Sendable {
    var configuration: Configuration
    var model: Model
    /// Where clients connect, in the order of the model's listeners; port 0 has become a real one.
    var addresses: [SocketAddress]
    var secure: SecureParts
    var guards: GuardParts
    var certificates: CertificateKeeper
    var files: FileKeeper
    var sites: SiteKeeper
    var telling: Telling
}

/// What is in force now. Whoever answers for a running proxy looks here each time.
final class Operation: Sendable {
    private let state = Mutex<InForce?>(nil)
    /// What became of lines and spans.
    let totals = TellingTotals()
    /// What has become of reloads.
    let reloads = ReloadRecord()

    /// There is something from the end of the server's init on.
    var now: InForce {
        state.withLock { state in
            guard let state else { preconditionFailure("nothing is in force yet") }
            return state
        }
    }

    var model: Model { now.model }

    func replace(_ new: InForce) { state.withLock { $0 = new } }
}
