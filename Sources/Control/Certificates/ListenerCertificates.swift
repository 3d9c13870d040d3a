// What a listener presents, wherever it comes from.
import MartletTLS
import Synchronization

/// The certificates of a listener: those from files, and one from an authority. Whenever one of them changes, clients
/// that come from then on get the new one.
final class ListenerCertificates: Sendable {
    /// How the listener is called in logs and metrics.
    let listener: String
    /// What its sessions choose from.
    let identities = TLSIdentities(TLSIdentityTable([]))
    private let state: Mutex<State>

    private struct State {
        var files: [TLSIdentity?]
        /// The responses of OCSP that were fetched for them.
        var responses: [[UInt8]?]
        /// From the authority.
        var issued: TLSIdentity?
        /// Made by Martlet itself, as long as there is none from the authority.
        var standIn: TLSIdentity?

        var shown: [TLSIdentity] {
            var shown: [TLSIdentity] = []
            for (file, response) in zip(files, responses) {
                if let file { shown.append(response.map { file.stapling($0) } ?? file) }
            }
            if let last = issued ?? standIn { shown.append(last) }
            return shown
        }
    }

    /// - Parameter files: how many certificates come from files.
    init(_ listener: String, files: Int) {
        self.listener = listener
        state = Mutex(
            State(files: Array(repeating: nil, count: files), responses: Array(repeating: nil, count: files)))
    }

    /// A certificate has been read from its files. A response that was fetched for the one before is of no use to it.
    func setFile(_ index: Int, _ identity: TLSIdentity) {
        change { state in
            state.files[index] = identity
            state.responses[index] = nil
        }
    }

    /// The authority of a certificate says that it is not revoked, or has nothing to say any more. Nothing happens when the
    /// certificate has been replaced meanwhile.
    func setResponse(_ index: Int, of identity: TLSIdentity, _ response: [UInt8]?) {
        change { state in
            if state.files[index] === identity { state.responses[index] = response }
        }
    }

    /// A certificate has come from the authority.
    func setIssued(_ identity: TLSIdentity) { change { $0.issued = identity } }

    /// Martlet has made one itself, which is shown until there is one from the authority.
    func setStandIn(_ identity: TLSIdentity) { change { $0.standIn = identity } }

    /// The certificate from the files of an entry, as they were read last.
    func file(_ index: Int) -> TLSIdentity? { state.withLock { $0.files[index] } }

    /// All that are shown and somebody has vouched for.
    var vouchedFor: [TLSIdentity] {
        state.withLock { state in state.shown.filter { $0 !== state.standIn } }
    }

    /// The lock is held until the table is in place: of two changes the later one must be the last.
    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            identities.replace(TLSIdentityTable(state.shown))
        }
    }
}
