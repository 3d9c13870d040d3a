// A certificate that nobody has vouched for, so that TLS can be served before an authority has answered.
import Crypto
import Foundation
import SwiftASN1
import X509

/// Makes certificates that stand in for an authority's.
package enum SelfMadeCertificate {
    /// How long one is valid.
    static let lifetime: Int64 = 7 * 86_400

    /// A certificate for `names` with a new P-256 key, valid for seven days, common name “martlet self-made”.
    /// - Parameters:
    ///   - names: DNS names, wildcards among them, or IP addresses of version 4.
    ///   - now: seconds since 1970; the present if it is not given.
    package static func make(names: [String], now: Int64? = nil) throws -> PEMIdentity {
        let now = now ?? AcmeTime.system.now()
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectAlternativeNames(names.map(generalName))
        }
        // An hour in the past, for clients whose clocks are late.
        return try make("martlet self-made", extensions, from: now - 3600, to: now + lifetime)
    }

    /// A certificate that is signed with its own key.
    static func make(
        _ commonName: String, _ extensions: Certificate.Extensions, from start: Int64, to end: Int64
    ) throws -> PEMIdentity {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName(commonName) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: TimeInterval(start)),
            notValidAfter: Date(timeIntervalSince1970: TimeInterval(end)), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: .init(key))
        let pem = try certificate.serializeAsPEM().pemString + "\n"
        return PEMIdentity(certificates: Array(pem.utf8), key: Array((key.pemRepresentation + "\n").utf8))
    }

    private static func generalName(_ name: String) -> GeneralName {
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 4, !numbers.contains(nil) else { return .dnsName(name) }
        return .ipAddress(ASN1OctetString(contentBytes: numbers.compactMap(\.self)[...]))
    }
}
