// What a listener presents, wherever it comes from.
import MartletCertificates
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
        /// The responses of OCSP that go with them, fetched or from files.
        var staples: [OCSPStaple?]
        /// From the authority.
        var issued: TLSIdentity?
        /// Made by Martlet itself, as long as there is none from the authority.
        var standIn: TLSIdentity?

        var shown: [TLSIdentity] {
            var shown: [TLSIdentity] = []
            for (file, staple) in zip(files, staples) {
                if let file { shown.append(staple.map { file.stapling($0.response) } ?? file) }
            }
            if let last = issued ?? standIn { shown.append(last) }
            return shown
        }
    }

    /// - Parameter files: how many certificates come from files.
    init(_ listener: String, files: Int) {
        self.listener = listener
        state = Mutex(
            State(files: Array(repeating: nil, count: files), staples: Array(repeating: nil, count: files)))
    }

    /// A certificate has been read from its files. What was stapled to the one before is of no use to another one.
    func setFile(_ index: Int, _ identity: TLSIdentity, _ staple: OCSPStaple? = nil) {
        change { state in
            let isSame = state.files[index]?.chain.first == identity.chain.first
            state.files[index] = identity
            state.staples[index] = staple ?? (isSame ? state.staples[index] : nil)
        }
    }

    /// The authority of a certificate says that it is not revoked, or has nothing to say any more. Nothing happens when the
    /// certificate has been replaced meanwhile.
    func setStaple(_ index: Int, of identity: TLSIdentity, _ staple: OCSPStaple?) {
        change { state in
            if state.files[index] === identity { state.staples[index] = staple }
        }
    }

    /// Drops what is stapled to a certificate when it has run out; the certificate then.
    /// - Parameter now: in seconds since 1970.
    func dropStaple(_ index: Int, runOutAt now: Int64) -> TLSIdentity? {
        let isOut = state.withLock { state in state.staples[index].map { $0.nextUpdate <= now } ?? false }
        guard isOut else { return nil }
        return change { state in
            guard let staple = state.staples[index], staple.nextUpdate <= now else { return nil }
            state.staples[index] = nil
            return state.files[index]
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

    /// All that are shown, with where they come from.
    var facts: [CertificateFact] {
        state.withLock { state in
            state.shown.map { identity in
                let source: CertificateFact.Source =
                    identity === state.standIn ? .ourselves : identity === state.issued ? .acme : .file
                return CertificateFact(owner: listener, identity: identity, source: source)
            }
        }
    }

    /// The lock is held until the table is in place: of two changes the later one must be the last.
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state)
            identities.replace(TLSIdentityTable(state.shown))
            return result
        }
    }
}

/// A certificate that is in force.
struct CertificateFact: Sendable {
    /// Where it comes from.
    enum Source: String, Sendable {
        case file, acme
        case ourselves = "self"
    }

    /// The listener that presents it, or the upstream whose servers are shown it.
    let owner: String
    let identity: TLSIdentity
    let source: Source
}
