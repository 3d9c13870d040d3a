// Asking authorities whether certificates from files are revoked, and stapling what they say.
import Logging
import MartletCertificates
import MartletTLS
import Synchronization

/// Has responses of OCSP fetched for certificates from files.
final class StapleDesk: Sendable {
    /// What has become of it.
    struct Counts: Equatable, Sendable {
        /// Responses that were fetched.
        var fetched: UInt64 = 0
        /// Times that a response had run out, and there was no new one.
        var lost: UInt64 = 0
    }

    /// A certificate whose authority is asked.
    private struct Place: Hashable {
        let listener: Int
        let index: Int
    }

    private struct State {
        var running: [Place: (identity: TLSIdentity, task: Task<Void, Never>)] = [:]
        var counts = Counts()
        var isStopped = false
    }

    private let listeners: [ListenerSecurity]
    private let state = Mutex(State())
    private let fetcher: OCSPFetcher
    private let log: Logger

    init(_ listeners: [ListenerSecurity], log: Logger) {
        self.listeners = listeners
        self.log = log
        fetcher = OCSPFetcher(logger: log)
    }

    var counts: Counts { state.withLock(\.counts) }

    /// Asks for the certificates that there are now, and no longer for those that were replaced. Call it at the start, and
    /// whenever one may have changed.
    func refresh() {
        for (position, listener) in listeners.enumerated() {
            for index in listener.fetching {
                guard let identity = listener.certificates.file(index) else { continue }
                refresh(Place(listener: position, index: index), identity, listener)
            }
        }
    }

    private func refresh(_ place: Place, _ identity: TLSIdentity, _ listener: ListenerSecurity) {
        state.withLock { state in
            if state.isStopped || state.running[place]?.identity === identity { return }
            state.running[place]?.task.cancel()
            state.running[place] = nil
            guard identity.ocspURL != nil else { return }
            guard identity.chain.count > 1 else {
                log.warning(
                    "no response of OCSP is fetched: the file lacks the certificate of the authority that issued this one",
                    metadata: ["listener": "\(listener.certificates.listener)", "name": "\(Lifetime(identity).name)"])
                return
            }
            let task = Task { [self] in await keep(place, identity, listener.certificates) }
            state.running[place] = (identity, task)
        }
    }

    private func keep(_ place: Place, _ identity: TLSIdentity, _ certificates: ListenerCertificates) async {
        await fetcher.keep(leaf: identity.chain[0], issuer: identity.chain[1]) { staple in
            certificates.setResponse(place.index, of: identity, staple?.response)
            state.withLock { state in
                if staple == nil { state.counts.lost += 1 } else { state.counts.fetched += 1 }
            }
        }
    }

    /// Ends it.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            for (_, running) in state.running { running.task.cancel() }
            state.running = [:]
        }
    }
}
