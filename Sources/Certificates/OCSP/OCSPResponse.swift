// What a responder answers (RFC 6960 section 4.2.1), read. Whether it may be believed is decided in OCSPResponse+Checking.swift.
import SwiftASN1
import X509

struct OCSPResponse: Sendable {
    enum Status: Equatable, Sendable { case good, revoked, unknown }

    /// What is said of one certificate.
    struct Single: Sendable {
        let id: OCSPCertificateID
        let status: Status
        /// In seconds since 1970.
        let thisUpdate: Int64
        let nextUpdate: Int64?
    }

    let singles: [Single]
    /// What is signed, as it came.
    let signed: [UInt8]
    let algorithm: ASN1ObjectIdentifier
    let signature: [UInt8]
    /// Of whom the issuer has let sign, if it does not itself.
    let certificates: [Certificate]

    /// - Throws: when it is not understood, or says that there is no answer.
    init(_ bytes: [UInt8]) throws {
        let basic = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
            try Self.checkSuccess(OCSPReading.next(&nodes))
            let content = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
            guard let content else { throw AcmeError("it has no content") }
            return try Self.basicResponse(content)
        }
        self = try DER.sequence(try DER.parse(basic), identifier: .sequence) { try Self(basic: &$0) }
    }

    private init(basic nodes: inout ASN1NodeCollection.Iterator) throws {
        let data = try OCSPReading.next(&nodes)
        signed = Array(data.encodedBytes)
        singles = try Self.singles(data)
        algorithm = try OCSPReading.algorithm(OCSPReading.next(&nodes))
        signature = Array(try ASN1BitString(derEncoded: &nodes).bytes)
        let chain = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) {
            try DER.sequence(of: Certificate.self, identifier: .sequence, rootNode: $0)
        }
        certificates = chain ?? []
    }

    private static func checkSuccess(_ node: ASN1Node) throws {
        guard node.identifier == .enumerated, case .primitive(let bytes) = node.content, bytes.count == 1,
            let code = bytes.first
        else { throw AcmeError("it has no status") }
        let meanings: [UInt8: String] = [
            1: "the request was malformed", 2: "an error of its own", 3: "try later", 5: "the request has to be signed",
            6: "not authorized",
        ]
        if code != 0 { throw AcmeError("the responder says: \(meanings[code] ?? "status \(code)")") }
    }

    private static func basicResponse(_ node: ASN1Node) throws -> [UInt8] {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let type = try ASN1ObjectIdentifier(derEncoded: &nodes)
            if type != .OCSP.basicResponse { throw AcmeError("it is not a basic response") }
            return Array(try ASN1OctetString(derEncoded: &nodes).bytes)
        }
    }

    private static func singles(_ node: ASN1Node) throws -> [Single] {
        try DER.sequence(node, identifier: .sequence) { nodes in
            _ = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { _ in true }
            // Who has signed shows in the signature.
            _ = try OCSPReading.next(&nodes)
            _ = try GeneralizedTime(derEncoded: &nodes)
            let list = try OCSPReading.next(&nodes)
            _ = nodes.next()
            guard list.identifier == .sequence, case .constructed(let singles) = list.content else {
                throw AcmeError("it has no list of certificates")
            }
            return try singles.map(single)
        }
    }

    private static func single(_ node: ASN1Node) throws -> Single {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let id = try OCSPCertificateID(OCSPReading.next(&nodes))
            let status = try status(OCSPReading.next(&nodes))
            let thisUpdate = try GeneralizedTime(derEncoded: &nodes)
            let nextUpdate = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) {
                try GeneralizedTime(derEncoded: $0)
            }
            _ = nodes.next()
            return Single(
                id: id, status: status, thisUpdate: OCSPReading.seconds(thisUpdate),
                nextUpdate: nextUpdate.map(OCSPReading.seconds))
        }
    }

    private static func status(_ node: ASN1Node) throws -> Status {
        guard node.identifier.tagClass == .contextSpecific else { throw AcmeError("a certificate has no status") }
        switch node.identifier.tagNumber {
        case 0: return .good
        case 1: return .revoked
        case 2: return .unknown
        default: throw AcmeError("a certificate has no known status")
        }
    }
}
