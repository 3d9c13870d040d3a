import MartletHTTPCore
import Testing

struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8", "10.255.255.255"), ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255"),
        ("192.0.2.1", "192.0.2.1/32", "192.0.2.1"), ("192.0.2.1/32", "192.0.2.1/32", "192.0.2.1"),
        ("2001:db8::/32", "2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), ("::1", "::1/128", "::1"),
        ("::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("172.16.0.0/12", "172.16.0.0/12", "172.31.255.255"),
    ])
    func readsNotation(text: String, canonical: String, last: String) throws {
        let network = try Network(parsing: text)
        #expect(network.description == canonical)
        #expect(network.last.description == last)
        #expect(network.contains(network.base) && network.contains(network.last))
    }

    @Test(arguments: [
        (
            "10.1.0.0/8",
            "'10.1.0.0/8' has bits set behind its prefix; expected 10.0.0.0/8, or 10.1.0.0 for the one address", 0, 10
        ),
        ("::1/64", "'::1/64' has bits set behind its prefix; expected ::/64, or ::1 for the one address", 0, 6),
        ("10.0.0.0/33", "'33' is not a prefix length; expected a prefix length between 0 and 32", 9, 2),
        ("10.0.0.0/", "'' is not a prefix length; expected a prefix length between 0 and 32", 9, 0),
        ("10.0.0.0/08", "'08' is not a prefix length; expected a prefix length between 0 and 32", 9, 2),
        ("::/129", "'129' is not a prefix length; expected a prefix length between 0 and 128", 3, 3),
        (
            "10.0.0/8",
            "'10.0.0' is not an IP address; expected an address or a network such as 10.0.0.0/8 or 2001:db8::/32", 0, 6
        ),
        ("", "'' is not an IP address; expected an address or a network such as 10.0.0.0/8 or 2001:db8::/32", 0, 0),
    ])
    func saysWhatIsWrong(text: String, message: String, offset: Int, length: Int) {
        let error = #expect(throws: AddressError.self) { try Network(parsing: text) }
        #expect(error?.description == message)
        #expect(error?.offset == offset && error?.length == length)
    }

    @Test func aSetHoldsWhatIsInOneOfItsNetworks() throws {
        let texts = ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7", "192.0.2.8/30", "2001:db8::/32", "127.0.0.0/8"]
        let set = NetworkSet(try texts.map { try Network(parsing: $0) })
        for inside in [
            "10.0.0.0", "10.1.2.3", "10.255.255.255", "192.0.2.7", "192.0.2.11", "2001:db8::1", "::ffff:127.0.0.1",
        ] {
            #expect(set.contains(try #require(IPAddress(parsing: inside))), "\(inside)")
        }
        for outside in [
            "9.255.255.255", "11.0.0.0", "192.0.2.6", "192.0.2.12", "2001:db9::", "::", "::1", "::10.0.0.1", "ffff::",
        ] {
            #expect(!set.contains(try #require(IPAddress(parsing: outside))), "\(outside)")
        }
    }

    @Test func theEmptySetHoldsNothingAndTheWholeSetAll() throws {
        let everything = NetworkSet([try Network(parsing: "::/0")])
        for text in ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "127.0.0.1"] {
            let address = try #require(IPAddress(parsing: text))
            #expect(!NetworkSet([]).contains(address))
            #expect(everything.contains(address))
        }
        #expect(NetworkSet([]).isEmpty && !everything.isEmpty)
    }

    @Test func aSetAgreesWithItsNetworks() {
        var generator = SystemRandomNumberGenerator()
        let networks = (0..<60).map { _ in
            let address = IPAddress(v4: UInt32.random(in: 0 ... .max, using: &generator))
            return Network(address, prefix: 96 + Int.random(in: 3...24, using: &generator))
        }
        let set = NetworkSet(networks)
        for _ in 0..<3000 {
            let address = IPAddress(v4: UInt32.random(in: 0 ... .max, using: &generator))
            #expect(set.contains(address) == networks.contains { $0.contains(address) }, "\(address)")
        }
    }
}
