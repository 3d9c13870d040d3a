import MartletHTTPCore
import Testing

struct IPAddressTests {
    /// What is read, and the form of RFC 5952 it is written in.
    static let forms = [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("10.20.30.99", "10.20.30.99"), ("100.109.0.7", "100.109.0.7"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
        ("2001:db8::1", "2001:db8::1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:0db8::0001", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("::1.2.3.4", "::102:304"), ("fe80::a0:0:f", "fe80::a0:0:f"),
    ]

    @Test(arguments: forms)
    func readsEveryFormAndWritesOne(text: String, canonical: String) throws {
        let address = try #require(IPAddress(parsing: text))
        #expect(address.description == canonical)
        #expect(IPAddress(parsing: canonical) == address)
        #expect(address.isIPv4 == !canonical.contains(":"))
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.04", "1.2.3.256",
        "1.2.3.1000",
        "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "0x7f.1.1.1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "12345::",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "g::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::", "::1.2.3", "::01.2.3.4", "::1.2.3.4:5", "[::1]", "fe80::1%eth0", "1::2/64", "::１",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(IPAddress(parsing: text) == nil)
    }

    @Test func mappedAndPlainIPv4AreOneAddress() {
        #expect(IPAddress(parsing: "::ffff:127.0.0.1") == IPAddress(v4: 0x7F00_0001))
        #expect(IPAddress(parsing: "::127.0.0.1") != IPAddress(v4: 0x7F00_0001))
        #expect(Set([IPAddress(v4: 1), IPAddress(hi: 0, lo: 0xFFFF_0000_0001)]).count == 1)
    }

    @Test(arguments: forms)
    func rendersIntoBytesWithoutTouchingWhatIsBehind(text: String, canonical: String) throws {
        let address = try #require(IPAddress(parsing: text))
        var bytes = [UInt8](repeating: 0xAA, count: IPAddress.maximumTextLength + 3)
        var span = bytes.mutableSpan
        let count = address.text(into: &span)
        #expect(String(decoding: bytes[..<count], as: UTF8.self) == canonical)
        #expect(bytes[count...].allSatisfy { $0 == 0xAA })
    }

    @Test func readsBackWhateverItWrites() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            // Few bits set, so that runs of zeros of every length and place occur.
            let masks = (
                UInt64.random(in: 0 ... .max, using: &generator), UInt64.random(in: 0 ... .max, using: &generator)
            )
            let hi = masks.0 & UInt64.random(in: 0 ... .max, using: &generator) & 0xF000_FFFF_0000_000F
            let lo = masks.1 & UInt64.random(in: 0 ... .max, using: &generator) & 0x0000_00F0_FFFF_0000
            let address = IPAddress(hi: hi, lo: lo)
            #expect(IPAddress(parsing: address.description) == address, "\(address)")
        }
    }
}
