// What an authority says of when to renew (RFC 9773).

/// When a certificate should be renewed.
struct RenewalInfo: Equatable, Sendable {
    /// In seconds since 1970.
    let start: Int64, end: Int64
    /// A page that says why, if the authority has one.
    let explanation: String?
    /// When to ask again, in seconds from now.
    let askAgainAfter: Int64

    /// How long until the authority is asked again, in seconds, if it does not say.
    static let usualWait: Int64 = 6 * 3600
    private static let waits: ClosedRange<Int64> = 60...86_400

    /// - Throws: when it is not understood.
    init(_ response: AcmeHTTPResponse, url: String, now: Int64) throws {
        let message = try AcmeSession.decode(Message.self, url, response)
        guard let start = Timestamps.parse(message.suggestedWindow.start),
            let end = Timestamps.parse(message.suggestedWindow.end), start < end
        else { throw AcmeError("\(url) suggests no window of time") }
        (self.start, self.end) = (start, end)
        explanation = message.explanationURL
        let wait = response.retryAfter(now: now) ?? Self.usualWait
        askAgainAfter = min(max(wait, Self.waits.lowerBound), Self.waits.upperBound)
    }

    /// What the authority says of the certificate; `nil` if it does not say such things.
    static func ask(
        _ certificate: IssuedCertificate, directory: String, transport: any AcmeTransport, now: Int64
    ) async throws -> RenewalInfo? {
        guard let id = certificate.renewalID else { return nil }
        let places = try await AcmeSession.directory(directory, transport: transport, now: { now })
        guard let base = places.renewalInfo else { return nil }
        let url = base.hasSuffix("/") ? base + id : base + "/" + id
        let response = try await transport.send(AcmeHTTPRequest(.get, url))
        if !response.isSuccess { throw AcmeSession.failure(url, response, now: now) }
        return try RenewalInfo(response, url: url, now: now)
    }

    private struct Message: Decodable {
        struct Window: Decodable { let start: String, end: String }
        let suggestedWindow: Window
        let explanationURL: String?
    }
}
