// The reasons for which a section is no head of a message, or no trailers. One case per rule.

/// Why a section was refused. The connection is not in doubt: only the stream is (RFC 9113 section 8.1.1).
package enum SectionFault: UInt8, Error, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    // Field lines (RFC 9113 section 8.2).
    /// A name with capital letters.
    case upperCaseName
    /// A name that is empty or not a token.
    case badFieldName
    /// A control byte other than HTAB in a value, or a blank at one of its ends.
    case badFieldValue
    /// A field that is about the connection (RFC 9113 section 8.2.2).
    case connectionField
    /// TE with anything but "trailers", or in a response.
    case badTE

    // Pseudo-fields (RFC 9113 section 8.3).
    /// One that nobody has defined.
    case unknownPseudoField
    /// One of a request in a response, or the other way round, or any in trailers.
    case misplacedPseudoField
    /// More than one of a kind.
    case repeatedPseudoField
    /// One behind a field that is none.
    case latePseudoField
    /// One that has to be there and is not, or has to be absent and is not: which, depends on the method.
    case wrongPseudoFields
    /// A method that is not a token.
    case badMethod
    /// A scheme other than "http" and "https".
    case badScheme
    /// A path that does not begin with "/" and is not the "*" of OPTIONS, or has bytes that do not belong there.
    case badPath
    /// An authority that is not "host[:port]", or without port where there has to be one.
    case badAuthority
    /// A protocol that is not a token, or with another method than CONNECT (RFC 8441 section 4).
    case badProtocol
    /// A status that is not three digits, 100 to 599, or is 101, which has no meaning here (RFC 9113 section 8.6).
    case badStatus

    // What fields say together.
    /// Neither `:authority` nor Host.
    case missingAuthority
    /// More than one Host.
    case repeatedHost
    /// A Host that says something else than `:authority`.
    case differingHost
    /// A Content-Length that is not one decimal number below 2^63.
    case badContentLength
    /// More than one Content-Length, even when equal.
    case repeatedContentLength
    /// A Content-Length of more than 0 where the stream has ended (RFC 9113 section 8.1.1).
    case missingContent
    /// An interim response that ends the stream (RFC 9113 section 8.1).
    case interimEnd

    // What the client is told with a status.
    /// An expectation other than 100-continue (RFC 9110 section 10.1.1).
    case unknownExpectation
    /// A path longer than the limit (RFC 9110 section 15.5.15).
    case targetTooLong
    /// More bytes than the limit.
    case tooLarge
    /// More field lines than the limit.
    case tooManyFields
}

extension SectionFault {
    /// The status of the answer to a client; `nil` where the stream is reset with PROTOCOL_ERROR.
    package var status: Int? {
        switch self {
        case .unknownExpectation: 417
        case .targetTooLong: 414
        case .tooLarge, .tooManyFields: 431
        default: nil
        }
    }

    /// What was wrong in a few words, for logs; never shown to a peer.
    package var reason: String {
        switch self {
        case .upperCaseName: "capital letters in a field name"
        case .badFieldName: "malformed field name"
        case .badFieldValue: "malformed field value"
        case .connectionField: "field of HTTP/1 connections"
        case .badTE: "TE other than trailers"
        case .unknownPseudoField: "unknown pseudo-field"
        case .misplacedPseudoField: "pseudo-field where it does not belong"
        case .repeatedPseudoField: "more than one pseudo-field of a kind"
        case .latePseudoField: "pseudo-field behind other fields"
        case .wrongPseudoFields: "not the pseudo-fields that are needed"
        case .badMethod: "malformed method"
        case .badScheme: "scheme other than http and https"
        case .badPath: "malformed path"
        case .badAuthority: "malformed authority"
        case .badProtocol: "malformed or misplaced protocol"
        case .badStatus: "malformed status"
        case .missingAuthority: "no authority"
        case .repeatedHost: "more than one Host"
        case .differingHost: "Host differs from authority"
        case .badContentLength: "malformed Content-Length"
        case .repeatedContentLength: "more than one Content-Length"
        case .missingContent: "Content-Length without content"
        case .interimEnd: "interim response ends the stream"
        case .unknownExpectation: "unknown expectation"
        case .targetTooLong: "path too long"
        case .tooLarge: "fields too large"
        case .tooManyFields: "too many fields"
        }
    }
}
