// What an authority says of a certificate right now, for stapling.
import Logging

/// A response that has been checked.
package struct OCSPStaple: Equatable, Sendable {
    /// The OCSPResponse, DER, as it is stapled.
    package let response: [UInt8]
    /// When what it says began and ends to hold, in seconds since 1970.
    package let thisUpdate: Int64, nextUpdate: Int64
}

/// Keeps responses for a certificate fresh.
package actor OCSPFetcher {
    private let logger: Logger

    package init(logger: Logger) {
        self.logger = logger
    }

    /// Fetches now and again, until the task is cancelled; hands over each new response, and `nil` when there is none
    /// that may be stapled any longer.
    /// - Parameters:
    ///   - leaf: the certificate, DER.
    ///   - issuer: that of the authority that issued it, DER.
    package func keep(
        leaf: [UInt8], issuer: [UInt8], install: @Sendable (OCSPStaple?) async -> Void
    ) async {}
}
