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
        /// Times that none was to be had.
        var failed: UInt64 = 0
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
    private let log: Logger

    init(_ listeners: [ListenerSecurity], log: Logger) {
        self.listeners = listeners
        self.log = log
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
                    metadata: Self.metadata(identity, listener.certificates))
                return
            }
            let task = Task { [self] in await keep(place, identity, listener.certificates) }
            state.running[place] = (identity, task)
        }
    }

    private func keep(_ place: Place, _ identity: TLSIdentity, _ certificates: ListenerCertificates) async {
        let log = own(log, Self.metadata(identity, certificates))
        await OCSPFetcher(logger: log).keep(leaf: identity.chain[0], issuer: identity.chain[1]) { news in
            switch news {
            case .fetched(let staple):
                certificates.setStaple(place.index, of: identity, staple)
                state.withLock { $0.counts.fetched += 1 }
                log.info("the OCSP response is stapled", metadata: ["until": "\(TimeText.date(staple.nextUpdate))"])
            case .failed:
                state.withLock { $0.counts.failed += 1 }
            case .lost:
                certificates.setStaple(place.index, of: identity, nil)
                state.withLock { $0.counts.lost += 1 }
            }
        }
    }

    /// Drops the responses from files that have run out: clients would refuse them, and with them the certificate.
    /// - Parameter now: in seconds since 1970.
    func look(now: Int64) {
        for listener in listeners {
            for index in listener.stapled {
                guard let identity = listener.certificates.dropStaple(index, runOutAt: now) else { continue }
                state.withLock { $0.counts.lost += 1 }
                log.error(
                    "the OCSP response has run out, and its file has no new one: nothing is stapled any longer",
                    metadata: Self.metadata(identity, listener.certificates))
            }
        }
    }

    private func own(_ log: Logger, _ metadata: Logger.Metadata) -> Logger {
        var log = log
        for (key, value) in metadata { log[metadataKey: key] = value }
        return log
    }

    private static func metadata(_ identity: TLSIdentity, _ certificates: ListenerCertificates) -> Logger.Metadata {
        ["listener": "\(certificates.listener)", "name": "\(Lifetime(identity).name)"]
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
