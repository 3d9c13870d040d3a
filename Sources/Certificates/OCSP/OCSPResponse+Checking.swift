// Whether a response may be believed, and stapled (RFC 6960 section 3.2).
import Foundation
import SwiftASN1
import X509

extension OCSPResponse {
    /// How far a responder's clock may be ahead, in seconds.
    private static let tolerance: Int64 = 300

    /// What the response says of `leaf`, if all is well: said of this certificate, by who may, now.
    /// - Parameter issuer: who has issued the certificate; `nil` when that is not known, and who has signed cannot be seen.
    func check(_ leaf: Certificate, issuer: Certificate?, now: Int64) throws -> Single {
        guard let single = singles.first(where: { $0.id.isOf(leaf, issuer: issuer) }) else {
            throw AcmeError("it is about another certificate")
        }
        if let issuer { try checkSignature(issuer: issuer, now: now) }
        if single.thisUpdate > now + Self.tolerance { throw AcmeError("it is from the future; is the clock right?") }
        guard let end = single.nextUpdate else { throw AcmeError("it does not say how long it holds") }
        if end <= now || end <= single.thisUpdate { throw AcmeError("it has run out on \(Timestamps.text(end))") }
        return single
    }

    private func checkSignature(issuer: Certificate, now: Int64) throws {
        let algorithm = try OCSPReading.signatureAlgorithm(algorithm)
        let keys = [issuer.publicKey] + certificates.filter { Self.maySign($0, for: issuer, now: now) }.map(\.publicKey)
        if !keys.contains(where: { $0.isValidSignature(signature, for: signed, signatureAlgorithm: algorithm) }) {
            throw AcmeError("it is not signed by the authority, nor by who may sign for it")
        }
    }

    /// Whether the issuer has made this certificate for signing responses (RFC 6960 section 4.2.2.2).
    private static func maySign(_ certificate: Certificate, for issuer: Certificate, now: Int64) -> Bool {
        let usages = try? certificate.extensions.extendedKeyUsage
        guard let usages, usages.contains(.ocspSigning), certificate.issuer == issuer.subject else { return false }
        let time = Date(timeIntervalSince1970: TimeInterval(now))
        return certificate.notValidBefore <= time && time <= certificate.notValidAfter
            && issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
    }
}
