// Records and messages of the DNS (RFC 1035), written by other code than that which reads them.

/// A record.
package struct TestRecord: Sendable {
    package var name: String
    package var type: UInt16
    package var ttl: UInt32
    package var content: [UInt8]

    package init(_ name: String, type: UInt16, ttl: UInt32, content: [UInt8]) {
        (self.name, self.type, self.ttl, self.content) = (name, type, ttl, content)
    }

    /// `127.0.0.1`.
    package static func a(_ name: String, _ address: String, ttl: UInt32 = 0) -> TestRecord {
        TestRecord(name, type: 1, ttl: ttl, content: address.split(separator: ".").compactMap { UInt8($0) })
    }

    /// Groups of 16 bits, all eight.
    package static func aaaa(_ name: String, _ groups: [UInt16], ttl: UInt32 = 0) -> TestRecord {
        TestRecord(name, type: 28, ttl: ttl, content: groups.flatMap { number($0) })
    }

    package static func srv(
        _ name: String, _ target: String, port: UInt16, priority: UInt16 = 0, weight: UInt16 = 1
    ) -> TestRecord {
        let numbers = [priority, weight, port].flatMap { number($0) }
        return TestRecord(name, type: 33, ttl: 0, content: numbers + wire(target))
    }

    package static func cname(_ name: String, _ target: String, ttl: UInt32 = 0) -> TestRecord {
        TestRecord(name, type: 5, ttl: ttl, content: wire(target))
    }

    /// A name as it is sent, uncompressed.
    package static func wire(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    package static func number(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    package var bytes: [UInt8] {
        Self.wire(name) + Self.number(type) + Self.number(1) + Self.number(UInt16(ttl >> 16))
            + Self.number(UInt16(ttl & 0xFFFF)) + Self.number(UInt16(content.count)) + content
    }
}

/// What a resolver is to answer.
package struct TestAnswer: Sendable {
    package var records: [TestRecord] = []
    package var additional: [TestRecord] = []
    /// 2 for a failure, 3 for a name that is not there.
    package var status: UInt8 = 0
    package var isTruncated = false
    /// Nothing is sent.
    package var isSilent = false

    package init(
        _ records: [TestRecord] = [], additional: [TestRecord] = [], status: UInt8 = 0, isTruncated: Bool = false,
        isSilent: Bool = false
    ) {
        (self.records, self.additional, self.status) = (records, additional, status)
        (self.isTruncated, self.isSilent) = (isTruncated, isSilent)
    }

    /// The message that answers `question`, which stands behind the number `id`.
    package func message(id: UInt16, question: [UInt8]) -> [UInt8] {
        let flags = 0x8180 | UInt16(isTruncated ? 0x0200 : 0) | UInt16(status)
        let counts = [1, UInt16(records.count), 0, UInt16(additional.count)].flatMap { TestRecord.number($0) }
        return TestRecord.number(id) + TestRecord.number(flags) + counts + question + records.flatMap(\.bytes)
            + additional.flatMap(\.bytes)
    }
}
