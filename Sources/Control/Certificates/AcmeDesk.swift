// Between the ones that get certificates from authorities and those that present them.
import Logging
import MartletCertificates
import MartletProxy
import MartletProxyConfig
import MartletTLS
import Synchronization

/// Has certificates got from authorities, and puts them where they belong.
final class AcmeDesk: Sendable {
    private let requests: [AcmeRequest]
    private let hooks: AcmeInstaller
    private let manager: AcmeManager
    private let isStarted = Atomic(false)

    /// - Parameters:
    ///   - listeners: all that have TLS, in the order of the config.
    ///   - challenges: where answers to an authority that asks by HTTP are put.
    init(_ listeners: [ListenerSecurity], challenges: HTTPChallenges, log: Logger) {
        var requests: [AcmeRequest] = []
        var owners: [AcmeRequest.ID: [ListenerCertificates]] = [:]
        for listener in listeners {
            guard let acme = listener.acme else { continue }
            let request = AcmeRequest(acme)
            // Several listeners may present the same certificate; it is got once.
            if owners[request.id] == nil { requests.append(request) }
            owners[request.id, default: []].append(listener.certificates)
        }
        self.requests = requests
        hooks = AcmeInstaller(owners: owners, all: listeners.map(\.certificates), challenges: challenges)
        manager = AcmeManager(logger: log)
    }

    /// Begins, once. Returns when what is there already is presented; no authority is waited for.
    func start() async {
        guard !requests.isEmpty, !isStarted.exchange(true, ordering: .relaxed) else { return }
        await manager.start(requests, hooks: hooks)
    }

    /// Leaves authorities alone until `release`; before `start`.
    func hold() async { await manager.hold() }

    /// Begins with the orders that have waited.
    func release() async { await manager.release() }

    /// Breaks orders off, and returns when what was shown for them has been taken away, or after `limit`.
    func stop(_ limit: Duration) async {
        guard isStarted.load(ordering: .relaxed) else { return }
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        Task { [manager] in
            await manager.stop()
            continuation.finish()
        }
        let timer = Task {
            try? await Task.sleep(for: limit)
            continuation.finish()
        }
        for await _ in ended {}
        timer.cancel()
    }

    /// What is known of each certificate, in the order of the config.
    var statuses: [(name: String, status: AcmeStatus)] {
        let known = hooks.statuses
        return requests.map { ($0.id.description, known[$0.id] ?? AcmeStatus()) }
    }
}

/// Puts what comes from an authority where it belongs.
final class AcmeInstaller: AcmeHooks {
    private let owners: [AcmeRequest.ID: [ListenerCertificates]]
    private let all: [ListenerCertificates]
    private let challenges: HTTPChallenges
    private let known = Mutex<[AcmeRequest.ID: AcmeStatus]>([:])

    init(
        owners: [AcmeRequest.ID: [ListenerCertificates]], all: [ListenerCertificates], challenges: HTTPChallenges
    ) {
        (self.owners, self.all, self.challenges) = (owners, all, challenges)
    }

    var statuses: [AcmeRequest.ID: AcmeStatus] { known.withLock { $0 } }

    func install(_ request: AcmeRequest.ID, _ identity: PEMIdentity, from origin: AcmeOrigin) async throws {
        let identity = try TLSIdentity(identity)
        for owner in owners[request] ?? [] {
            switch origin {
            case .selfMade: owner.setStandIn(identity)
            case .stored, .issued: owner.setIssued(identity)
            }
        }
    }

    func setHTTPChallenge(token: String, answer: String?) async { challenges.set(token, answer) }

    /// The authority may come to any of the listeners.
    func setTLSChallenge(name: String, identity: PEMIdentity?) async {
        let identity = identity.flatMap { try? TLSIdentity($0) }
        for listener in all { listener.identities.setChallenge(name, identity) }
    }

    func report(_ request: AcmeRequest.ID, _ status: AcmeStatus) async {
        known.withLock { $0[request] = status }
    }
}

extension TLSIdentity {
    /// What an authority has issued, or Martlet itself.
    fileprivate convenience init(_ identity: PEMIdentity) throws(TLSError) {
        try self.init(certificates: identity.certificates, key: identity.key, ocsp: nil)
    }
}

extension AcmeRequest {
    /// What the config asks for.
    init(_ acme: ACMEConfiguration) {
        self.init(names: acme.domains, email: acme.email ?? "", directory: acme.directory)
        challenge =
            switch acme.challenge {
            case .http01: .http
            case .tlsALPN01: .tlsALPN
            case .dns01: .dns
            }
        hook = acme.hook
        storage = acme.storage
        keyType =
            switch acme.keyType {
            case .p256: .p256
            case .p384: .p384
            case .rsa2048: .rsa2048
            }
        reusesKey = acme.reuseKey
        authorities = acme.ca
        waits = acme.wait
        accountBinding = acme.accountBinding.map { AcmeAccountBinding(id: $0.id, key: $0.key) }
    }
}
