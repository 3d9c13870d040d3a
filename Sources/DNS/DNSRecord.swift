// What is asked for, and what the answers are made of.
import MartletHTTPCore

/// A type of records (RFC 1035 section 3.2.2, RFC 3596, RFC 2782).
package enum DNSType: UInt16, Sendable, Hashable {
    case a = 1
    case cname = 5
    case soa = 6
    case aaaa = 28
    case srv = 33
}

/// One thing to ask.
package struct DNSQuestion: Hashable, Sendable {
    package let name: DNSName
    package let type: DNSType

    package init(name: DNSName, type: DNSType) {
        self.name = name
        self.type = type
    }
}

/// A service on a host (RFC 2782).
package struct DNSService: Hashable, Sendable {
    /// Lower ones come first; others only when no server of lower ones is left.
    package let priority: UInt16
    /// The share among those of one priority; 0 for as little as can be.
    package let weight: UInt16
    package let port: UInt16
    package let target: DNSName

    package init(priority: UInt16, weight: UInt16, port: UInt16, target: DNSName) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.target = target
    }
}

/// What a name has.
package enum DNSContent: Hashable, Sendable {
    case addresses([IPAddress])
    /// Services, with those addresses of their targets that came along.
    case services([DNSService], along: [DNSQuestion: [IPAddress]])
}

/// What a resolver has said of a name and a type.
package enum DNSReply: Equatable, Sendable {
    /// There is something, to be asked for again after so many seconds.
    case found(DNSContent, seconds: UInt32)
    /// There is nothing, which holds for so many seconds (RFC 2308): the name is not there, or has none of that type.
    case nothing(nameExists: Bool, seconds: UInt32)
    /// The resolver cannot or will not say.
    case failed(DNSFault)
    /// There is more than fits a datagram.
    case truncated
}

/// Why there is no answer.
package enum DNSFault: Error, Equatable, Sendable {
    /// It is no message, or contradicts itself.
    case malformed
    /// It is not the answer to what was asked: another id, another question.
    case foreign
    /// The resolver's own word (RFC 1035 section 4.1.1): 2 for a failure, 5 for a refusal.
    case status(UInt8)
    /// Aliases lead in a circle, or to too many others.
    case tooManyAliases
    /// Nobody has answered in time.
    case timedOut
    /// No resolver could be reached.
    case unreachable
}

extension DNSFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is malformed"
        case .foreign: "the answer is to another question"
        case .status(1): "the resolver does not understand the question (FORMERR)"
        case .status(2): "the resolver has failed (SERVFAIL)"
        case .status(4): "the resolver does not do this (NOTIMP)"
        case .status(5): "the resolver refuses (REFUSED)"
        case .status(let code): "the resolver answers with status \(code)"
        case .tooManyAliases: "the aliases (CNAME) lead nowhere"
        case .timedOut: "no resolver has answered in time"
        case .unreachable: "no resolver can be reached"
        }
    }
}
