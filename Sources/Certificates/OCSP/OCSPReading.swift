// Pieces of DER that OCSP is made of.
import Foundation
import SwiftASN1
import X509

enum OCSPReading {
    /// The next element of a sequence.
    static func next(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw AcmeError("it ends too early") }
        return node
    }

    /// The object identifier of an AlgorithmIdentifier; its parameters do not matter here.
    static func algorithm(_ node: ASN1Node) throws -> ASN1ObjectIdentifier {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let algorithm = try ASN1ObjectIdentifier(derEncoded: &nodes)
            _ = nodes.next()
            return algorithm
        }
    }

    /// Seconds since 1970.
    static func seconds(_ time: GeneralizedTime) -> Int64 {
        // Days since 0000-03-01, so that the leap day is the last of its year.
        let year = time.month > 2 ? time.year : time.year - 1
        let month = (time.month + 9) % 12
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + time.day - 1 - 719_468
        return Int64(((days * 24 + time.hours) * 60 + time.minutes) * 60 + time.seconds)
    }

    /// How responses are signed; SHA-1 is not trusted any longer.
    static func signatureAlgorithm(_ id: ASN1ObjectIdentifier) throws -> Certificate.SignatureAlgorithm {
        switch id {
        case [1, 2, 840, 10045, 4, 3, 2]: return .ecdsaWithSHA256
        case [1, 2, 840, 10045, 4, 3, 3]: return .ecdsaWithSHA384
        case [1, 2, 840, 10045, 4, 3, 4]: return .ecdsaWithSHA512
        case [1, 2, 840, 113549, 1, 1, 11]: return .sha256WithRSAEncryption
        case [1, 2, 840, 113549, 1, 1, 12]: return .sha384WithRSAEncryption
        case [1, 2, 840, 113549, 1, 1, 13]: return .sha512WithRSAEncryption
        case [1, 3, 101, 112]: return .ed25519
        default: throw AcmeError("it is signed in a way that is not known or not trusted (\(id))")
        }
    }
}
