// How requests reach an authority; behind a protocol, so that tests can play the authority.

/// A request to an authority.
package struct AcmeHTTPRequest: Equatable, Sendable {
    package enum Method: String, Sendable {
        case head = "HEAD"
        case get = "GET"
        case post = "POST"
    }

    package let method: Method
    package let url: String
    /// A signed message, sent as `application/jose+json`; empty if there is none.
    package let body: [UInt8]

    package init(_ method: Method, _ url: String, body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.body = body
    }
}

/// What an authority answers.
package struct AcmeHTTPResponse: Equatable, Sendable {
    package let status: Int
    /// The fields that matter, by their names in lower case.
    package let fields: [String: String]
    package let body: [UInt8]

    package init(status: Int, fields: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A one-use number for the next message (RFC 8555 section 6.5).
    var nonce: String? { fields["replay-nonce"] }
    var location: String? { fields["location"] }
    var isSuccess: Bool { (200...299).contains(status) }

    /// The longest that Retry-After is believed, in seconds: a week, for which the usual limits of authorities hold.
    static let longestRetryAfter: Int64 = 7 * 86_400

    /// Seconds from `now` that Retry-After asks for (RFC 9110 section 10.2.3): a number, or a date.
    func retryAfter(now: Int64) -> Int64? {
        guard let text = fields["retry-after"],
            let seconds = Int64(text) ?? Timestamps.parseHTTP(text).map({ $0 - now })
        else { return nil }
        return min(max(0, seconds), Self.longestRetryAfter)
    }
}

/// Sends requests to an authority.
package protocol AcmeTransport: Sendable {
    /// - Throws: when no answer came; an answer of any status is returned.
    func send(_ request: AcmeHTTPRequest) async throws -> AcmeHTTPResponse
    /// Called once, when nothing is sent any longer.
    func close() async
}
