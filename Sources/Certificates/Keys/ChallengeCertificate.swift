// The certificate of a tls-alpn-01 challenge (RFC 8737).
import Foundation
import SwiftASN1
import X509

enum ChallengeCertificate {
    /// `acmeIdentifier`.
    static let oid: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 31]

    /// - Parameter digest: the SHA-256 of the key authorization.
    static func make(name: String, digest: [UInt8]) throws -> PEMIdentity {
        var serializer = DER.Serializer()
        try serializer.serialize(ASN1OctetString(contentBytes: digest[...]))
        let proof = Certificate.Extension(oid: oid, critical: true, value: serializer.serializedBytes[...])
        let extensions = try Certificate.Extensions {
            SubjectAlternativeNames([.dnsName(name)])
            proof
        }
        let now = AcmeTime.system.now()
        return try SelfMadeCertificate.make("martlet challenge", extensions, from: now - 3600, to: now + 86_400)
    }
}
