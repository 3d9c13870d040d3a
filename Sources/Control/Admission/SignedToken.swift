// Tokens, before anybody knows whether to believe them.
import FoundationEssentials
import MartletProxyConfig

/// Why a token is not taken: for the client, and in words for the log.
struct TokenFault: Error, Equatable, Sendable {
    enum Kind: Sendable {
        case invalid, expired
        /// It is good, but not for this.
        case insufficient
    }

    let kind: Kind
    let reason: String

    init(_ reason: String) { self.init(.invalid, reason) }

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// A signed token in its compact form (RFC 7515 section 3.1), taken apart.
struct SignedToken: Sendable {
    let algorithm: TokenAlgorithm
    /// What it calls its key.
    let keyName: String?
    /// What is signed.
    let message: [UInt8]
    let signature: [UInt8]
    private let payload: [UInt8]

    private struct Header: Decodable {
        let alg: String
        let kid: String?
        let crit: JSONValue?
    }

    /// - Parameter allowed: the algorithms that are taken.
    init(_ text: [UInt8], allowed: [TokenAlgorithm]) throws(TokenFault) {
        let parts = text.split(separator: 0x2E, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: Data(head))
        else { throw TokenFault("not a signed token") }
        // Whoever made it says that it must not be taken by those who do not know what stands there (RFC 7515 section 4.1.11).
        if header.crit != nil { throw TokenFault("it has critical extensions") }
        guard let algorithm = allowed.first(where: { $0.rawValue == header.alg }) else {
            throw TokenFault("its algorithm is not allowed")
        }
        self.algorithm = algorithm
        keyName = header.kid
        message = Array(parts[0]) + [0x2E] + Array(parts[1])
        self.signature = signature
        self.payload = payload
    }

    /// What it claims. Nothing of it counts before its signature has been checked.
    func claims() throws(TokenFault) -> TokenClaims {
        guard let values = try? JSONDecoder().decode([String: JSONValue].self, from: Data(payload)) else {
            throw TokenFault("its claims are no object in JSON")
        }
        return TokenClaims(values)
    }
}

/// A value of JSON.
enum JSONValue: Decodable, Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// The texts that it is or has; numbers and truths as they are written.
    var texts: [String] {
        switch self {
        case .null, .object: []
        case .boolean(let value): [value ? "true" : "false"]
        case .number(let value): [Int64(exactly: value).map { "\($0)" } ?? "\(value)"]
        case .text(let value): [value]
        case .list(let values): values.flatMap { if case .list = $0 { [String]() } else { $0.texts } }
        }
    }
}
