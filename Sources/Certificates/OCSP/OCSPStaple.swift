// A response of OCSP that may be stapled.
import SwiftASN1
import X509

/// A response that has been checked.
package struct OCSPStaple: Equatable, Sendable {
    /// The OCSPResponse, DER, as it is stapled.
    package let response: [UInt8]
    /// When what it says began and ends to hold, in seconds since 1970.
    package let thisUpdate: Int64, nextUpdate: Int64

    /// Revoked: nothing is stapled, and somebody has to act.
    struct Revoked: Error {}

    /// Checks a response that somebody else has fetched, and put into a file.
    /// - Parameters:
    ///   - leaf: the certificate that it is to be about, DER.
    ///   - issuer: that of the authority that issued it, DER; `nil` when the chain lacks it: who has signed the response is
    ///     not looked at then.
    ///   - now: seconds since 1970.
    /// - Throws: when it may not be stapled, with the reason.
    package init(
        checking response: [UInt8], leaf: [UInt8], issuer: [UInt8]?, now: Int64
    ) throws(AcmeError) {
        do {
            let issuer = try issuer.map { try Certificate(derEncoded: $0) }
            self = try Self(response, leaf: try Certificate(derEncoded: leaf), issuer: issuer, now: now)
        } catch is Revoked {
            throw AcmeError("it says that the certificate has been revoked")
        } catch let error as AcmeError {
            throw error
        } catch {
            throw AcmeError("it is no response of OCSP in DER form")
        }
    }

    /// - Throws: `Revoked`, or why it may not be stapled.
    init(_ response: [UInt8], leaf: Certificate, issuer: Certificate?, now: Int64) throws {
        let single = try OCSPResponse(response).check(leaf, issuer: issuer, now: now)
        switch single.status {
        case .good: break
        case .revoked: throw Revoked()
        case .unknown: throw AcmeError("its responder does not know the certificate")
        }
        self.response = response
        (thisUpdate, nextUpdate) = (single.thisUpdate, single.nextUpdate ?? single.thisUpdate)
    }
}
