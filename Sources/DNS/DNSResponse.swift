// What an answer says. Only what answers the question is looked at, and the addresses of a service's targets that came along:
// records about other names are not believed.
import MartletHTTPCore

/// Reads answers.
package enum DNSResponse {
    /// Records that are looked at, and aliases that are followed.
    static let mostRecords = 1_024
    static let mostAliases = 8
    /// How long nothing is believed to be nothing when no SOA says so.
    static let silentSeconds: UInt32 = 5
    /// Longer times are taken as this (RFC 8767 section 4): a week.
    static let mostSeconds: UInt32 = 604_800

    /// What `message` says to `query`.
    package static func read(_ message: [UInt8], to query: DNSQuery) -> DNSReply {
        do throws(DNSFault) {
            return try reply(message, query)
        } catch {
            return .failed(error)
        }
    }

    private struct Header {
        let flags: UInt16
        let answers: Int
        let authorities: Int
        let others: Int

        var status: UInt8 { UInt8(flags & 0xF) }
        var isTruncated: Bool { flags & 0x0200 != 0 }
    }

    private static func header(_ reader: inout DNSReader, _ query: DNSQuery) throws(DNSFault) -> Header {
        if try reader.number16() != query.id { throw .foreign }
        let flags = try reader.number16()
        // A response (QR) to a plain question (OPCODE 0), to one question.
        if flags & 0x8000 == 0 || flags & 0x7800 != 0 { throw .foreign }
        let questions = try reader.number16()
        let (answers, authorities) = (Int(try reader.number16()), Int(try reader.number16()))
        let others = Int(try reader.number16())
        let status = UInt8(flags & 0xF)
        // Who does not understand the question may leave it out.
        if questions == 0 && status != 0 { throw .status(status) }
        if questions != 1 { throw .foreign }
        let name = try reader.name()
        let (type, space) = (try reader.number16(), try reader.number16())
        if name != query.name || type != query.type.rawValue || space != DNSQuery.internet { throw .foreign }
        return Header(flags: flags, answers: answers, authorities: authorities, others: others)
    }

    private static func reply(_ message: [UInt8], _ query: DNSQuery) throws(DNSFault) -> DNSReply {
        var reader = DNSReader(message)
        let header = try header(&reader, query)
        if header.status != 0 && header.status != 3 { throw .status(header.status) }
        if header.isTruncated { return .truncated }
        if header.answers + header.authorities + header.others > mostRecords { throw .malformed }
        let answers = try records(header.answers, &reader)
        let authorities = try records(header.authorities, &reader)
        var seconds = mostSeconds
        let name = try follow(answers, from: query.name, &seconds)
        if header.status == 0, let content = try content(answers, name, query.type, &seconds) {
            guard case .services(let services, _) = content else { return .found(content, seconds: seconds) }
            let others = try records(header.others, &reader)
            let along = try along(others, services, &seconds)
            return .found(.services(services, along: along), seconds: seconds)
        }
        var silence = silentSeconds
        for record in authorities {
            if let time = try record.silence() { silence = min(time, mostSeconds) }
        }
        return .nothing(nameExists: header.status == 0, seconds: min(silence, seconds))
    }

    private static func records(_ count: Int, _ reader: inout DNSReader) throws(DNSFault) -> [DNSResourceRecord] {
        var records: [DNSResourceRecord] = []
        for _ in 0..<count { records.append(try DNSResourceRecord(&reader)) }
        return records
    }

    /// Where the aliases lead, in whatever order they stand.
    private static func follow(
        _ records: [DNSResourceRecord], from first: DNSName, _ seconds: inout UInt32
    ) throws(DNSFault) -> DNSName {
        var name = first
        for _ in 0...mostAliases {
            guard let alias = records.first(where: { $0.type == DNSType.cname.rawValue && $0.name == name }) else {
                return name
            }
            seconds = min(seconds, alias.seconds)
            var content = alias.content
            name = try content.name()
            if !content.isAtEnd { throw .malformed }
        }
        throw .tooManyAliases
    }

    private static func content(
        _ records: [DNSResourceRecord], _ name: DNSName, _ type: DNSType, _ seconds: inout UInt32
    ) throws(DNSFault) -> DNSContent? {
        var addresses: [IPAddress] = []
        var services: [DNSService] = []
        for record in records where record.type == type.rawValue && record.name == name {
            seconds = min(seconds, record.seconds)
            switch type {
            case .a, .aaaa: addresses.append(try record.address(type))
            case .srv: services.append(try record.service())
            case .cname, .soa: continue
            }
        }
        if !addresses.isEmpty { return .addresses(addresses) }
        return services.isEmpty ? nil : .services(services, along: [:])
    }

    /// The addresses of targets among the additional records (RFC 2782 has servers send them). All of one name and type are there
    /// or none, as the answer is not truncated.
    private static func along(
        _ records: [DNSResourceRecord], _ services: [DNSService], _ seconds: inout UInt32
    ) throws(DNSFault) -> [DNSQuestion: [IPAddress]] {
        let targets = Set(services.map(\.target))
        var found: [DNSQuestion: [IPAddress]] = [:]
        for record in records where targets.contains(record.name) {
            guard let type = DNSType(rawValue: record.type), type == .a || type == .aaaa else { continue }
            seconds = min(seconds, record.seconds)
            found[DNSQuestion(name: record.name, type: type), default: []].append(try record.address(type))
        }
        return found
    }
}
