// The keys of certificates.
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// A private key of a certificate.
struct CertificateKey: Sendable {
    let type: AcmeKeyType
    let pem: String
    let key: Certificate.PrivateKey

    /// A new key.
    init(_ type: AcmeKeyType) throws {
        self.type = type
        switch type {
        case .p256:
            let key = P256.Signing.PrivateKey()
            (pem, self.key) = (key.pemRepresentation, .init(key))
        case .p384:
            let key = P384.Signing.PrivateKey()
            (pem, self.key) = (key.pemRepresentation, .init(key))
        case .rsa2048:
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            (pem, self.key) = (key.pkcs8PEMRepresentation, .init(key))
        }
    }

    /// A key that was stored.
    /// - Throws: when it is not a key, or not one of this type.
    init(_ type: AcmeKeyType, pem: String) throws {
        self.type = type
        self.pem = pem
        switch type {
        case .p256: key = .init(try P256.Signing.PrivateKey(pemRepresentation: pem))
        case .p384: key = .init(try P384.Signing.PrivateKey(pemRepresentation: pem))
        case .rsa2048: key = .init(try _RSA.Signing.PrivateKey(pemRepresentation: pem))
        }
    }

    /// A request for a certificate (RFC 2986), DER. The names stand in the extension alone, since a subject is not needed.
    func signingRequest(names: [String]) throws -> [UInt8] {
        let extensions = try Certificate.Extensions {
            SubjectAlternativeNames(names.map { .dnsName($0) })
        }
        let attribute = try CertificateSigningRequest.Attribute(ExtensionRequest(extensions: extensions))
        let request = try CertificateSigningRequest(
            version: .v1, subject: try DistinguishedName {}, privateKey: key,
            attributes: CertificateSigningRequest.Attributes([attribute]))
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return serializer.serializedBytes
    }
}
