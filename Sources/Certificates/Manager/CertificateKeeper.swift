// Keeps one certificate in force: has it ordered, renewed, stored and installed.
import Crypto
import Foundation
import Logging

/// What lives for one request of the config.
actor CertificateKeeper {
    let request: AcmeRequest
    let hooks: any AcmeHooks
    let gate: OrderGate
    let environment: AcmeEnvironment
    let logger: Logger
    let store: AcmeStore

    /// What the rest may know.
    private(set) var status = AcmeStatus()
    private var schedule: RenewalSchedule
    /// The authority's certificate and key; `nil` until there is one.
    private(set) var identity: PEMIdentity?
    private(set) var certificate: IssuedCertificate?
    /// When the next order begins, and when the authority is asked again when that should be.
    private var due: Int64
    private var nextQuestion: Int64 = 0
    /// What could not be stored, and when that is tried again.
    private var unsaved: PEMIdentity?
    private var nextSave: Int64 = .max
    /// The certificate is not renewed before.
    private var soonest: Int64 = 0

    init(
        _ request: AcmeRequest, hooks: any AcmeHooks, gate: OrderGate, environment: AcmeEnvironment, logger: Logger
    ) {
        self.request = request
        self.hooks = hooks
        self.gate = gate
        self.environment = environment
        self.logger = logger
        store = AcmeStore(folder: request.storage)
        schedule = RenewalSchedule(seed: environment.seed())
        due = environment.time.now()
    }

    /// Installs what there is without asking anybody.
    func prepare() async {
        do {
            if let stored = try store.identity(of: request.id) {
                try await install(stored, .stored)
                try adopt(stored)
            }
        } catch {
            logger.error("what is stored cannot be used: \(error)", metadata: metadata)
        }
        if identity == nil { await installSelfMade() }
        await report()
    }

    /// Orders when it is time, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do { try await waitUntilDue() } catch { return }
            await order()
        }
    }

    private func waitUntilDue() async throws {
        while true {
            await askWhen()
            saveAgain()
            await report()
            if due <= environment.time.now() { return try Task.checkCancellation() }
            try await environment.time.sleep(until: min(due, nextSave, asks ? nextQuestion : .max))
        }
    }

    /// Whether the authority is asked when to renew: not after a failure, whose wait counts.
    private var asks: Bool { certificate != nil && schedule.failures == 0 }

    /// Asks the authority when to renew, if that is due.
    private func askWhen() async {
        let now = environment.time.now()
        guard let certificate, asks, nextQuestion <= now, due > now else { return }
        nextQuestion = now + RenewalInfo.usualWait
        do {
            guard let info = try await renewalInfo(certificate) else { return }
            nextQuestion = now + info.askAgainAfter
            let time = jitter.renewal(start: info.start, end: info.end)
            let latest = RenewalSchedule.latest(notBefore: certificate.notBefore, notAfter: certificate.notAfter)
            due = max(min(time, latest), soonest)
            if let explanation = info.explanation {
                logger.info(
                    "the authority suggests when to renew; see \(AcmeError.plain(explanation))", metadata: metadata)
            }
        } catch {
            logger.warning("the authority does not say when to renew: \(error)", metadata: metadata)
        }
    }

    private func renewalInfo(_ certificate: IssuedCertificate) async throws -> RenewalInfo? {
        let transport = try environment.transport(request)
        let now = environment.time.now()
        let result: Result<RenewalInfo?, any Error>
        do {
            result = .success(
                try await RenewalInfo.ask(certificate, directory: request.directory, transport: transport, now: now))
        } catch { result = .failure(error) }
        await transport.close()
        return try result.get()
    }

    private func order() async {
        do {
            let issued = try await issue()
            try await install(issued, .issued)
            try adopt(issued)
            holdBack()
            schedule.succeeded()
            status.issued += 1
            (status.lastError, status.lastFailure) = (nil, nil)
            logger.info(
                "the certificate is there; it ends on \(Timestamps.text(certificate?.notAfter ?? 0)) and is renewed on \(Timestamps.text(due))",
                metadata: metadata)
            save(issued)
        } catch {
            if Task.isCancelled { return }
            await fail(error)
        }
    }

    private func fail(_ error: any Error) async {
        let now = environment.time.now()
        due = schedule.failed(now: now, retryAfter: (error as? AcmeError)?.retryAfter)
        status.failed += 1
        status.lastFailure = now
        status.lastError = "\(error)"
        logger.error(
            "no certificate: \(error); the next try is on \(Timestamps.text(due))", metadata: metadata)
        // One that is self-made ends after a week; the authority may be away for longer.
        if identity == nil, let end = status.notAfter, end < max(due, now + 86_400) { await installSelfMade() }
    }

    /// Takes an authority's certificate as the one that is renewed.
    private func adopt(_ identity: PEMIdentity) throws {
        let certificate = try IssuedCertificate(pem: identity.certificates)
        self.identity = identity
        self.certificate = certificate
        due = jitter.renewal(notBefore: certificate.notBefore, notAfter: certificate.notAfter)
        nextQuestion = environment.time.now()
    }

    /// The certificate has just been issued.
    private func holdBack() {
        guard let certificate else { return }
        soonest = RenewalSchedule.soonest(issued: environment.time.now(), notAfter: certificate.notAfter)
        due = max(due, soonest)
    }

    /// Authorities give only so many certificates, so one that could not be stored is kept until it is.
    private func save(_ identity: PEMIdentity) {
        do {
            try store.save(identity, of: request.id)
            (unsaved, nextSave) = (nil, .max)
        } catch {
            (unsaved, nextSave) = (identity, environment.time.now() + RenewalSchedule.shortestWait)
            logger.error("the certificate is in force but not stored: \(error)", metadata: metadata)
        }
    }

    private func saveAgain() {
        guard let unsaved, nextSave <= environment.time.now() else { return }
        save(unsaved)
        if self.unsaved == nil { logger.notice("the certificate is stored now", metadata: metadata) }
    }

    private func install(_ identity: PEMIdentity, _ origin: AcmeOrigin) async throws {
        do { try await hooks.install(request.id, identity, from: origin) } catch {
            throw AcmeError("the certificate (\(origin.rawValue)) cannot be used: \(error)")
        }
        status.origin = origin
        status.notAfter = try IssuedCertificate(pem: identity.certificates).notAfter
    }

    private func installSelfMade() async {
        if request.waits { return }
        do {
            let now = environment.time.now()
            try await install(try SelfMadeCertificate.make(names: request.names, now: now), .selfMade)
            logger.notice("a self-made certificate serves until the authority's is there", metadata: metadata)
        } catch {
            logger.error("a self-made certificate cannot be made: \(error)", metadata: metadata)
        }
    }

    private func report() async {
        status.nextTry = due
        await hooks.report(request.id, status)
    }

    /// The same over restarts, and another one on each machine: it is made of the certificate with its key.
    private var jitter: RenewalSchedule {
        let bytes = SHA256.hash(data: Data((identity?.certificates ?? []) + (identity?.key ?? [])))
        return RenewalSchedule(seed: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    private var metadata: Logger.Metadata { ["certificate": "\(request.id)"] }
}
