// One order, with the account and the key that it takes.
import Logging

extension CertificateKeeper {
    /// Has a certificate issued, when the account's turn has come.
    func issue() async throws -> PEMIdentity {
        let key = try nextKey()
        let replacing = certificate?.renewalID
        return try await gate.run(store.accountPath(request)) { [self] in
            let transport = try environment.transport(request)
            let result: Result<PEMIdentity, any Error>
            do { result = .success(try await order(transport, key: key, replacing: replacing)) } catch {
                result = .failure(error)
            }
            await transport.close()
            return try result.get()
        }
    }

    private func order(
        _ transport: any AcmeTransport, key: CertificateKey, replacing: String?
    ) async throws -> PEMIdentity {
        let account = try account()
        let session = try await AcmeSession(
            directory: request.directory, key: account.key, account: account.url, transport: transport,
            time: environment.time)
        let prover = AcmeProver(hooks: hooks, command: request.hook, logger: logger)
        let client = AcmeClient(
            request: request, session: session, prover: prover, time: environment.time, logger: logger)
        let result: Result<PEMIdentity, any Error>
        do { result = .success(try await client.order(key: key, replacing: replacing)) } catch {
            result = .failure(error)
        }
        // Also after a failure: the account is there all the same.
        let url = await session.account
        if let url, url != account.url { remember(AcmeStore.Account(key: account.key, url: url)) }
        return try result.get()
    }

    /// The stored account. A new one's key is stored before anybody hears of it, so that it cannot be lost.
    private func account() throws -> AcmeStore.Account {
        if let stored = try store.account(of: request) { return stored }
        let account = AcmeStore.Account(key: AccountKey(), url: nil)
        try store.save(account, of: request)
        return account
    }

    /// A certificate that was issued is not lost because of it: the authority finds the account by its key again.
    private func remember(_ account: AcmeStore.Account) {
        do { try store.save(account, of: request) } catch {
            logger.error(
                "where the account is has not been stored: \(error)", metadata: ["certificate": "\(request.id)"])
        }
    }

    private func nextKey() throws -> CertificateKey {
        guard request.reusesKey, let identity else { return try CertificateKey(request.keyType) }
        return try CertificateKey(request.keyType, pem: String(decoding: identity.key, as: UTF8.self))
    }
}
