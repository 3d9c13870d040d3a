// What the tests of the DNS share.
import MartletHTTPCore
import MartletTestSupport

@testable import MartletDNS

func name(_ text: String) -> DNSName {
    guard let name = DNSName(text) else { preconditionFailure("\(text) is no name") }
    return name
}

func query(_ text: String, _ type: DNSType = .a, id: UInt16 = 7) -> DNSQuery {
    DNSQuery(id: id, name: name(text), type: type)
}

extension TestAnswer {
    /// As an answer to a question.
    func message(to query: DNSQuery) -> [UInt8] {
        message(
            id: query.id,
            question: query.name.wire + TestRecord.number(query.type.rawValue) + TestRecord.number(1))
    }
}

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(parsing: text) else { preconditionFailure("\(text) is no address") }
    return address
}
