// What an authority sends and is sent (RFC 8555 section 7). Unknown members are ignored, as section 6.1 wants.

/// Where to send what.
struct AcmeDirectory: Decodable, Sendable {
    struct Meta: Decodable, Sendable {
        let externalAccountRequired: Bool?
    }

    let newNonce: String
    let newAccount: String
    let newOrder: String
    /// There if the authority says when to renew (RFC 9773).
    let renewalInfo: String?
    let meta: Meta?
}

struct AcmeIdentifier: Codable, Equatable, Sendable {
    var type = "dns"
    let value: String
}

/// An order (RFC 8555 section 7.1.3).
struct AcmeOrder: Decodable, Equatable, Sendable {
    enum Status: String, CaseIterable, Decodable, Sendable { case pending, ready, processing, valid, invalid }

    let status: Status
    let authorizations: [String]
    let finalize: String
    let certificate: String?
    let error: AcmeProblem?
}

/// Whether a name has been proven (RFC 8555 section 7.1.4).
struct AcmeAuthorization: Decodable, Equatable, Sendable {
    enum Status: String, CaseIterable, Decodable, Sendable {
        case pending, valid, invalid, deactivated, expired, revoked
    }

    let identifier: AcmeIdentifier
    let status: Status
    let challenges: [AcmeChallenge]
    let wildcard: Bool?
}

/// One way to prove a name (RFC 8555 section 7.1.5).
struct AcmeChallenge: Decodable, Equatable, Sendable {
    let type: String
    let url: String
    let token: String?
    let error: AcmeProblem?
}

struct NewAccount: Encodable {
    let contact: [String]?
    let termsOfServiceAgreed = true
    let externalAccountBinding: SignedMessage?

    private enum CodingKeys: CodingKey { case contact, termsOfServiceAgreed, externalAccountBinding }
}

struct NewOrder: Encodable {
    let identifiers: [AcmeIdentifier]
    let replaces: String?
}

struct Finalization: Encodable {
    let csr: String
}
