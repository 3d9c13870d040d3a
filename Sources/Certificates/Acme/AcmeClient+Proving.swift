// Step 3 of an order: the names are proven, all at the same time.

extension AcmeClient {
    private struct Pending {
        let url: String
        let challenge: AcmeChallenge
        let proof: AcmeProof
    }

    /// Proves the names of all authorizations; what was shown for it is taken away in any case.
    func proveAll(_ urls: [String]) async throws {
        let pending = try await pending(urls)
        var shown: [AcmeProof] = []
        let result: Result<Void, any Error>
        do {
            for item in pending {
                shown.append(item.proof)
                try await prover.show(item.proof)
            }
            // Only now is the authority told: proofs of several names may share a record.
            for item in pending { _ = try await session.post(Empty(), to: item.challenge.url) }
            for item in pending { try await waitUntilProven(item.url) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // In a task of its own, which runs although this one may have been cancelled.
        let removal = Task { [prover, shown] in for proof in shown { await prover.remove(proof) } }
        await removal.value
        try result.get()
    }

    private func pending(_ urls: [String]) async throws -> [Pending] {
        // One for each name (RFC 8555 section 7.1.3); a list without end would keep us busy without end.
        if urls.count > request.names.count {
            throw AcmeError("the authority wants \(urls.count) names proven for \(request.names.count)")
        }
        let thumbprint = session.key.thumbprint
        var pending: [Pending] = []
        for url in urls {
            let authorization = try AcmeSession.decode(AcmeAuthorization.self, url, try await session.read(url))
            // What is proven is shown to all, and becomes an argument of the user's command.
            guard request.names.contains(authorization.name) else {
                throw AcmeError("the authority wants \(authorization.name) proven, which is not asked for")
            }
            switch authorization.step(with: request.challenge) {
            case .skip: continue
            case .fail(let error): throw error
            case .answer(let challenge):
                let name = authorization.identifier.value
                let proof = try AcmeProof(request.challenge, challenge, name: name, thumbprint: thumbprint)
                pending.append(Pending(url: url, challenge: challenge, proof: proof))
            }
        }
        return pending
    }

    private func waitUntilProven(_ url: String) async throws {
        var polling = Polling(start: time.now())
        while true {
            let response = try await session.read(url)
            let authorization = try AcmeSession.decode(AcmeAuthorization.self, url, response)
            if try authorization.isProven() == true { return }
            try await polling.wait(response, "\(authorization.name) is still not proven", time)
        }
    }

    /// A challenge is answered with an empty object (RFC 8555 section 7.5.1).
    private struct Empty: Encodable {}
}
