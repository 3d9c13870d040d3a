// Signed messages to one authority, with the nonces that it wants in them.

/// What is said to an authority in the name of one account. Keeps nonces, and sends again what was refused for a bad one.
actor AcmeSession {
    /// With half of all nonces refused, one message in a million fails for it.
    static let mostAttempts = 20
    private static let mostNonces = 8
    private static let mostReads: Int64 = 4
    /// How long a session may go on, in seconds, whatever the authority does: others wait for it to end.
    static let longest: Int64 = 3600

    let directory: AcmeDirectory
    private let transport: any AcmeTransport
    private let time: AcmeTime
    /// The account's key.
    let key: AccountKey
    /// The account's URL; `nil` until there is one.
    private(set) var account: String?
    private var nonces: [String] = []
    private let end: Int64

    /// Asks for the directory.
    init(
        directory url: String, key: AccountKey, account: String?, transport: any AcmeTransport, time: AcmeTime
    ) async throws {
        directory = try await Self.directory(url, transport: transport, now: time.now)
        self.transport = transport
        self.time = time
        self.key = key
        self.account = account
        end = time.now() + Self.longest
    }

    /// Where an authority is sent what.
    static func directory(
        _ url: String, transport: any AcmeTransport, now: () -> Int64
    ) async throws -> AcmeDirectory {
        let response = try await transport.send(AcmeHTTPRequest(.get, url))
        if !response.isSuccess { throw failure(url, response, now: now()) }
        return try decode(AcmeDirectory.self, url, response)
    }

    /// Messages are signed in this account's name from now on.
    func use(account: String?) { self.account = account }

    /// Reads what is at `url` (POST-as-GET, RFC 8555 section 6.3). An authority that is busy for a moment is asked again: an
    /// order is not given up for that, nor a certificate that has been issued.
    func read(_ url: String) async throws -> AcmeHTTPResponse {
        var attempt: Int64 = 1
        while true {
            do {
                return try await post([], to: url)
            } catch let error as AcmeError where error.isPassing && attempt < Self.mostReads {
                let wait = max(error.retryAfter ?? 0, attempt)
                if wait > Polling.longest { throw error }
                try await time.sleep(.seconds(wait))
                attempt += 1
            }
        }
    }

    /// Sends `payload` as JSON.
    func post(_ payload: some Encodable & Sendable, to url: String) async throws -> AcmeHTTPResponse {
        try await post(try JSON.encode(payload), to: url)
    }

    private func post(_ payload: [UInt8], to url: String) async throws -> AcmeHTTPResponse {
        var attempt = 1
        while true {
            try Task.checkCancellation()
            if time.now() > end { throw AcmeError("it has taken longer than an hour: \(url) is not asked any longer") }
            let signer = account.map { SignedMessage.Signer.account($0) } ?? .newAccount
            let message = try SignedMessage(payload, to: url, by: signer, key: key, nonce: try await nextNonce())
            let response = try await transport.send(AcmeHTTPRequest(.post, url, body: try JSON.encode(message)))
            keep(response.nonce)
            if response.isSuccess { return response }
            let failure = Self.failure(url, response, now: time.now())
            guard failure.problem?.name == "badNonce", attempt < Self.mostAttempts else { throw failure }
            // The refusal brought a fresh one; those that were kept are likely as stale as the one refused.
            if let fresh = response.nonce { nonces = [fresh] }
            attempt += 1
        }
    }

    private func nextNonce() async throws -> String {
        if let nonce = nonces.popLast() { return nonce }
        let response = try await transport.send(AcmeHTTPRequest(.head, directory.newNonce))
        if let nonce = response.nonce, response.isSuccess { return nonce }
        throw AcmeError("no nonce from \(directory.newNonce), which answered \(response.status)")
    }

    private func keep(_ nonce: String?) {
        guard let nonce, nonces.count < Self.mostNonces else { return }
        nonces.append(nonce)
    }

    /// What an answer that is no success says.
    static func failure(_ url: String, _ response: AcmeHTTPResponse, now: Int64) -> AcmeError {
        let retryAfter = response.retryAfter(now: now)
        let isPassing = response.status >= 500 || response.status == 429
        if let problem = try? JSON.decode(AcmeProblem.self, response.body), problem != AcmeProblem(type: "about:blank")
        {
            return AcmeError(
                "\(problem.text) (\(response.status) from \(url))", problem: problem, retryAfter: retryAfter,
                isPassing: isPassing)
        }
        let place = (300...399).contains(response.status) ? response.location : nil
        let leads = place.map { " and leads to \($0), which is not followed" } ?? ""
        return AcmeError("\(url) answered \(response.status)\(leads)", retryAfter: retryAfter, isPassing: isPassing)
    }

    /// The JSON of an answer.
    static func decode<Value: Decodable>(
        _ type: Value.Type, _ url: String, _ response: AcmeHTTPResponse
    ) throws -> Value {
        do {
            return try JSON.decode(type, response.body)
        } catch {
            throw AcmeError("\(url) answered what is not understood: \(error)")
        }
    }
}
