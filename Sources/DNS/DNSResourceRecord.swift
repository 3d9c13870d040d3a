// A record as it comes in a message (RFC 1035 section 4.1.3).
import MartletHTTPCore

/// A record, whose content is read when it is known to be wanted.
struct DNSResourceRecord {
    let name: DNSName
    let type: UInt16
    let seconds: UInt32
    let content: DNSReader

    init(_ reader: inout DNSReader) throws(DNSFault) {
        name = try reader.name()
        type = try reader.number16()
        let space = try reader.number16()
        let time = try reader.number32()
        // Times with the top bit set are none (RFC 2181 section 8).
        seconds = time >> 31 == 0 ? time : 0
        content = try reader.part(Int(try reader.number16()))
        // Sizes stand in the class of OPT; all else is of the Internet.
        if space != DNSQuery.internet && type != 41 { throw .malformed }
    }

    func address(_ type: DNSType) throws(DNSFault) -> IPAddress {
        var reader = content
        let address =
            if type == .a {
                IPAddress(v4: try reader.number32())
            } else {
                IPAddress(hi: try reader.number64(), lo: try reader.number64())
            }
        if !reader.isAtEnd { throw .malformed }
        return address
    }

    func service() throws(DNSFault) -> DNSService {
        var reader = content
        let (priority, weight, port) = (try reader.number16(), try reader.number16(), try reader.number16())
        let service = DNSService(priority: priority, weight: weight, port: port, target: try reader.name())
        if !reader.isAtEnd { throw .malformed }
        return service
    }

    /// How long it holds that there is nothing (RFC 2308 section 5): the lesser of an SOA's own time and its last number.
    func silence() throws(DNSFault) -> UInt32? {
        if type != DNSType.soa.rawValue { return nil }
        var reader = content
        _ = try reader.name()
        _ = try reader.name()
        for _ in 0..<4 { _ = try reader.number32() }
        return min(try reader.number32(), seconds)
    }
}
