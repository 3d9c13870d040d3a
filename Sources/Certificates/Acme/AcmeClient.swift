// The life of an order, from the account to the certificate. The one file to read if you read only one.
import Logging

/// Has one certificate issued.
struct AcmeClient: Sendable {
    let request: AcmeRequest
    let session: AcmeSession
    let prover: AcmeProver
    let time: AcmeTime
    let logger: Logger

    /// A certificate for the request's names.
    /// - Parameters:
    ///   - key: the certificate's.
    ///   - replacing: the id of the certificate that is renewed, for authorities that say when to (RFC 9773).
    func order(key: CertificateKey, replacing: String?) async throws -> PEMIdentity {
        // 1. The account: kept from before, or made now.
        if await session.account == nil { try await register() }

        // 2. The order, for all names at once.
        var (order, url) = try await begin(replacing: replacing)
        logger.debug("the order for \(request.id) is \(url)")

        // 3. Each name that is not proven yet is proven.
        if case .prove = order.step { try await proveAll(order.authorizations) }

        // 4. When the authority has seen that, the certificate is asked for.
        if case .prove = order.step { order = try await poll(url) { $0.step != .prove } }
        if case .finalize = order.step {
            let csr = try key.signingRequest(names: request.names)
            _ = try await session.post(Finalization(csr: Base64URL.encode(csr)), to: order.finalize)
        }

        // 5. It is waited for.
        order = try await poll(url) { $0.step != .wait && $0.step != .finalize }
        if case .fail(let error) = order.step { throw error }
        guard case .download(let place) = order.step else {
            throw AcmeError("the order for \(request.id) went back to \(order.status.rawValue)")
        }

        // 6. It is fetched, and checked before anybody relies on it.
        let chain = try await session.read(place).body
        let issued = try IssuedCertificate(pem: chain)
        try issued.check(names: request.names, key: key, now: time.now())
        return PEMIdentity(certificates: issued.pem, key: Array(key.pem.utf8))
    }

    /// Makes an account, or finds the one that belongs to the key (RFC 8555 section 7.3).
    private func register() async throws {
        let url = session.directory.newAccount
        let binding = try request.accountBinding.map { try SignedMessage(binding: $0, to: url, key: session.key) }
        if binding == nil, session.directory.meta?.externalAccountRequired == true {
            throw AcmeError("\(request.directory) wants an account binding: set accountBinding with what it gave you")
        }
        let contact = request.email.isEmpty ? nil : ["mailto:" + request.email]
        await session.use(account: nil)
        let response = try await session.post(NewAccount(contact: contact, externalAccountBinding: binding), to: url)
        guard let account = response.location else { throw AcmeError("\(url) made an account but does not say where") }
        await session.use(account: account)
        logger.info("the account at \(request.directory) is \(account)")
    }

    private func begin(replacing: String?) async throws -> (AcmeOrder, url: String) {
        do {
            return try await newOrder(replacing: replacing)
        } catch let error as AcmeError where Self.mayConcernAccount(error) {
            // Asked for with the same key, an account that is there comes back as it is.
            logger.warning(
                "\(request.directory) does not take the account that was stored; it is asked for anew: \(error)")
            try await register()
            return try await newOrder(replacing: nil)
        } catch let error as AcmeError where error.problem?.name == "alreadyReplaced" && replacing != nil {
            return try await newOrder(replacing: nil)
        }
    }

    /// Some authorities call an account that they do not know malformed, as when its URL was another one's.
    private static func mayConcernAccount(_ error: AcmeError) -> Bool {
        switch error.problem?.name {
        case "accountDoesNotExist", "malformed": true
        default: false
        }
    }

    private func newOrder(replacing: String?) async throws -> (AcmeOrder, url: String) {
        let url = session.directory.newOrder
        let identifiers = request.names.map { AcmeIdentifier(value: $0) }
        let order = NewOrder(identifiers: identifiers, replaces: session.directory.renewalInfo == nil ? nil : replacing)
        let response = try await session.post(order, to: url)
        guard let place = response.location else { throw AcmeError("\(url) made an order but does not say where") }
        let made = try AcmeSession.decode(AcmeOrder.self, url, response)
        if case .fail(let error) = made.step { throw error }
        return (made, place)
    }

    /// Asks for the order until `isDone`.
    private func poll(_ url: String, until isDone: (AcmeOrder) -> Bool) async throws -> AcmeOrder {
        var polling = Polling(start: time.now())
        while true {
            let response = try await session.read(url)
            let order = try AcmeSession.decode(AcmeOrder.self, url, response)
            if case .fail(let error) = order.step { throw error }
            if isDone(order) { return order }
            try await polling.wait(response, "the order for \(request.id) is still \(order.status.rawValue)", time)
        }
    }
}
