// What a certificate is known by in OCSP (RFC 6960 section 4.1.1).
import Crypto
import Foundation
import SwiftASN1
import X509

/// The issuer, hashed, and the serial number: a CertID.
struct OCSPCertificateID: Equatable, Sendable {
    private static let sha1: ASN1ObjectIdentifier = [1, 3, 14, 3, 2, 26]
    private static let sha256: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]

    let algorithm: ASN1ObjectIdentifier
    let nameHash: [UInt8]
    let keyHash: [UInt8]
    /// Big-endian, without leading zeros.
    let serial: [UInt8]

    /// With SHA-1, the one that all responders know (RFC 5019 section 2.1.1); it protects nothing here.
    init(leaf: Certificate, issuer: Certificate) throws {
        algorithm = Self.sha1
        nameHash = Self.hash(try Self.bytes(issuer.subject), Self.sha1) ?? []
        keyHash = Self.hash(issuer.publicKey.subjectPublicKeyInfoBytes, Self.sha1) ?? []
        serial = Self.serial(leaf)
    }

    init(_ node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in
            let algorithm = try OCSPReading.algorithm(OCSPReading.next(&nodes))
            let name = try ASN1OctetString(derEncoded: &nodes)
            let key = try ASN1OctetString(derEncoded: &nodes)
            let serial = try ArraySlice<UInt8>(derEncoded: &nodes)
            return Self(algorithm, Array(name.bytes), Array(key.bytes), serial.drop { $0 == 0 }.map(\.self))
        }
    }

    private init(
        _ algorithm: ASN1ObjectIdentifier, _ nameHash: [UInt8], _ keyHash: [UInt8], _ serial: [UInt8]
    ) {
        (self.algorithm, self.nameHash, self.keyHash, self.serial) = (algorithm, nameHash, keyHash, serial)
    }

    /// Whether it stands for `leaf`.
    /// - Parameter issuer: who has issued it; `nil` when that is not known: then the name alone has to be right.
    func isOf(_ leaf: Certificate, issuer: Certificate?) -> Bool {
        guard serial == Self.serial(leaf), let name = try? Self.bytes(leaf.issuer),
            Self.hash(name, algorithm) == nameHash
        else { return false }
        return issuer.map { Self.hash($0.publicKey.subjectPublicKeyInfoBytes, algorithm) == keyHash } ?? true
    }

    private static func serial(_ leaf: Certificate) -> [UInt8] { leaf.serialNumber.bytes.drop { $0 == 0 }.map(\.self) }

    private static func bytes(_ name: DistinguishedName) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(name)
        return serializer.serializedBytes
    }

    /// `nil` when the algorithm is not known.
    private static func hash(_ bytes: some DataProtocol, _ algorithm: ASN1ObjectIdentifier) -> [UInt8]? {
        switch algorithm {
        case sha1: Array(Insecure.SHA1.hash(data: bytes))
        case sha256: Array(SHA256.hash(data: bytes))
        default: nil
        }
    }

    /// An OCSPRequest for this certificate alone, DER. Without a nonce, so that responders may answer from their cache.
    func request() throws -> [UInt8] {
        var serializer = DER.Serializer()
        // OCSPRequest, TBSRequest, the list of requests, a request.
        try serializer.appendConstructedNode(identifier: .sequence) {
            try $0.appendConstructedNode(identifier: .sequence) {
                try $0.appendConstructedNode(identifier: .sequence) {
                    try $0.appendConstructedNode(identifier: .sequence) { try append(to: &$0) }
                }
            }
        }
        return serializer.serializedBytes
    }

    private func append(to serializer: inout DER.Serializer) throws {
        try serializer.appendConstructedNode(identifier: .sequence) { id in
            try id.appendConstructedNode(identifier: .sequence) {
                try $0.serialize(algorithm)
                try $0.serialize(ASN1Null())
            }
            try id.serialize(ASN1OctetString(contentBytes: nameHash[...]))
            try id.serialize(ASN1OctetString(contentBytes: keyHash[...]))
            try id.serialize(serial[...])
        }
    }
}
