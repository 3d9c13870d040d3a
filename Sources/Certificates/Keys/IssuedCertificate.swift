// A certificate as an authority hands it out: read, checked.
import Foundation
import SwiftASN1
import X509

/// A chain, leaf first.
struct IssuedCertificate: Sendable {
    /// More than any authority sends, and little enough for a handshake.
    private static let longestChain = 10

    let chain: [Certificate]
    /// The chain as PEM, without whatever else stood in the file.
    let pem: [UInt8]

    /// - Throws: when there is no certificate in it, or something that is none.
    init(pem bytes: [UInt8]) throws {
        do {
            let documents = try PEMDocument.parseMultiple(pemString: String(decoding: bytes, as: UTF8.self))
                .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }
            chain = try documents.map { try Certificate(derEncoded: $0.derBytes) }
            pem = Array(documents.map { $0.pemString + "\n" }.joined().utf8)
        } catch {
            throw AcmeError("the certificate is not PEM: \(error)")
        }
        if chain.count > Self.longestChain { throw AcmeError("the chain has \(chain.count) certificates") }
        if chain.isEmpty { throw AcmeError("there is no certificate in it") }
    }

    var leaf: Certificate { chain[0] }
    var notBefore: Int64 { Int64(leaf.notValidBefore.timeIntervalSince1970) }
    var notAfter: Int64 { Int64(leaf.notValidAfter.timeIntervalSince1970) }

    /// DNS names, in lower case.
    var names: Set<String> {
        let names = try? leaf.extensions.subjectAlternativeNames
        return Set(
            (names ?? SubjectAlternativeNames()).compactMap {
                if case .dnsName(let name) = $0 { name.lowercased() } else { nil }
            })
    }

    /// - Throws: when it is not what was asked for.
    func check(names wanted: [String], key: CertificateKey, now: Int64) throws(AcmeError) {
        let missing = wanted.filter { !names.contains($0) }
        if !missing.isEmpty { throw AcmeError("the certificate lacks \(missing.joined(separator: ", "))") }
        if leaf.publicKey != key.key.publicKey { throw AcmeError("the certificate is for another key") }
        if notAfter <= now { throw AcmeError("the certificate has ended on \(Timestamps.text(notAfter))") }
    }

    /// What the authority's renewal information knows it by (RFC 9773 section 4.1); `nil` if it lacks the issuer's key id.
    var renewalID: String? {
        guard let issuer = try? leaf.extensions.authorityKeyIdentifier?.keyIdentifier else { return nil }
        var serial = Array(leaf.serialNumber.bytes.drop { $0 == 0 })
        // As in DER: a positive number does not begin with a set bit.
        if serial.first.map({ $0 >= 0x80 }) ?? true { serial.insert(0, at: 0) }
        return Base64URL.encode(issuer) + "." + Base64URL.encode(serial)
    }
}
