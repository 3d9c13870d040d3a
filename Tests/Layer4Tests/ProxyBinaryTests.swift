// Version 2 of the PROXY protocol.
import MartletHTTPCore
import Testing

@testable import MartletLayer4

@Suite struct ProxyBinaryTests {
    private static let signature = "0d0a0d0a000d0a515549540a"
    private static let ends4 = "01020304 05060708 dc04 01bb"

    private func read(_ hex: String, _ location: SourceLocation = #_sourceLocation) -> ProxyHeaderResult {
        read(bytes(hex: Self.signature + hex), location)
    }

    private func read(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) -> ProxyHeaderResult {
        inEverySplit(bytes, incomplete: .incomplete, location) { ProxyProtocolReader.read($0) }
    }

    private var header4: ProxyHeader {
        var header = ProxyHeader(length: 28)
        header.source = ProxyEndpoint(IPAddress(v4: 0x0102_0304), port: 56_324)
        header.destination = ProxyEndpoint(IPAddress(v4: 0x0506_0708), port: 443)
        return header
    }

    @Test func bothEndsAreReadOfIPv4() {
        #expect(read("21 11 000c" + Self.ends4) == .complete(header4))
        #expect(read("21 11 000c" + Self.ends4 + "474554") == .complete(header4))
    }

    @Test func bothEndsAreReadOfIPv6() {
        let ends = "20010db8000000000000000000000001 00000000000000000000000000000001 dc04 01bb"
        var header = ProxyHeader(length: 52)
        header.source = ProxyEndpoint(IPAddress(hi: 0x2001_0DB8_0000_0000, lo: 1), port: 56_324)
        header.destination = ProxyEndpoint(IPAddress(hi: 0, lo: 1), port: 443)
        #expect(read("21 21 0024" + ends) == .complete(header))
    }

    @Test func partsArePassedOver() {
        var header = header4
        header.length = 28 + 3 + 2 + 3
        #expect(read("21 11 0014" + Self.ends4 + "01 0002 6832 04 0000") == .complete(header))
    }

    @Test func thoseWithoutAddressesHaveNone() {
        #expect(read("21 00 0000") == .complete(ProxyHeader(length: 16)))
        let path = String(repeating: "00", count: 216)
        #expect(read("21 31 00d8" + path) == .complete(ProxyHeader(length: 232)))
    }

    @Test(arguments: ["20 00 0000", "20 11 0000", "20 ff 0003 ffffff"])
    func aLocalHeaderIsPassedOver(_ hex: String) {
        var header = ProxyHeader(length: bytes(hex: hex).count + 12)
        header.isLocal = true
        #expect(read(hex) == .complete(header))
    }

    @Test func theChecksumIsChecked() {
        // Made by another implementation of CRC-32C over the header with zeros in the checksum's place.
        var right = bytes(hex: Self.signature + "21 11 0013" + Self.ends4 + "03 0004 00000000")
        let sum = CRC32C.checksum(right.span, zeros: 0..<0)
        for place in 0..<4 { right[31 + place] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * place)) }
        var header = header4
        header.length = 35
        #expect(read(right) == .complete(header))
        right[17] ^= 1
        #expect(read(right) == .refused(.badChecksum))
    }

    /// The value that RFC 3720 section B.4 has for 32 zeros, and the well-known one of nine digits.
    @Test func theChecksumIsCastagnolis() {
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(CRC32C.checksum(zeros.span, zeros: 0..<0) == 0x8A91_36AA)
        let ones = [UInt8](repeating: 0xFF, count: 32)
        #expect(CRC32C.checksum(ones.span, zeros: 0..<32) == 0x8A91_36AA)
        #expect(CRC32C.checksum(Array("123456789".utf8).span, zeros: 0..<0) == 0xE306_9283)
    }

    private static let refused: [(String, ProxyHeaderRefusal)] = [
        ("11 11 000c", .badVersion), ("31 11 000c", .badVersion), ("22 11 000c", .badVersion),
        ("21 12 000c", .badFamily), ("21 22 0024", .badFamily), ("21 32 00d8", .badFamily), ("21 41 0000", .badFamily),
        ("21 11 000b", .badLength), ("21 21 000c", .badLength), ("21 31 000c", .badLength),
        ("21 11 000d \(ends4) 01", .badLength), ("21 11 000f \(ends4) 01 0001", .badLength),
        ("21 11 0010 \(ends4) 03 0001 00", .badLength), ("21 11 0ff1", .tooLong), ("20 00 ffff", .tooLong),
    ]

    @Test(arguments: refused)
    func anythingElseIsRefused(_ hex: String, _ refusal: ProxyHeaderRefusal) {
        #expect(read(hex) == .refused(refusal))
    }

    @Test func anotherSignatureIsRefused() {
        for place in 1..<12 {
            var wrong = bytes(hex: Self.signature + "21 11 000c" + Self.ends4)
            wrong[place] ^= 0x20
            #expect(read(wrong) == .refused(.notAHeader))
        }
    }

    @Test func theLongestIsTaken() {
        var header = header4
        header.length = 4_096
        let rest = String(repeating: "00", count: 4_080 - 12 - 3)
        #expect(read("21 11 0ff0" + Self.ends4 + "04 0fe1" + rest) == .complete(header))
    }
}

@Suite struct ProxyWriterTests {
    private let v4 = ProxyEndpoint(IPAddress(v4: 0x0102_0304), port: 56_324)
    private let other4 = ProxyEndpoint(IPAddress(v4: 0x0506_0708), port: 443)
    private let v6 = ProxyEndpoint(IPAddress(hi: 0x2001_0DB8_0000_0000, lo: 1), port: 65_535)

    @Test func textIsAsTheSpecificationHasIt() {
        func text(_ source: ProxyEndpoint?, _ destination: ProxyEndpoint?) -> String {
            String(decoding: ProxyProtocolWriter.text(from: source, to: destination), as: UTF8.self)
        }
        #expect(text(v4, other4) == "PROXY TCP4 1.2.3.4 5.6.7.8 56324 443\r\n")
        #expect(text(v6, v6) == "PROXY TCP6 2001:db8::1 2001:db8::1 65535 65535\r\n")
        #expect(text(v4, v6) == "PROXY TCP6 ::ffff:1.2.3.4 2001:db8::1 56324 65535\r\n")
        #expect(text(nil, v6) == "PROXY UNKNOWN\r\n" && text(v4, nil) == "PROXY UNKNOWN\r\n")
    }

    @Test func whatIsWrittenIsRead() {
        for (source, destination) in [(v4, other4), (v6, v6), (v4, v6), (v6, v4)] {
            let text = ProxyProtocolWriter.text(from: source, to: destination)
            let binary = ProxyProtocolWriter.binary(from: source, to: destination)
            for bytes in [text, binary] {
                var header = ProxyHeader(length: bytes.count)
                header.source = source
                header.destination = destination
                #expect(ProxyProtocolReader.read(bytes.span) == .complete(header))
            }
        }
        var local = ProxyHeader(length: 16)
        local.isLocal = true
        #expect(ProxyProtocolReader.read(ProxyProtocolWriter.binary(from: nil, to: nil).span) == .complete(local))
    }
}
