import MartletTestSupport
import Testing

@testable import MartletHTTPCore

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

    /// Networks of every length, nested and beside each other, and addresses at their edges: as a search through all says.
    @Test(arguments: [1 as UInt64, 2, 3, 4]) func aTreeAgreesWithASearch(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let networks = (0..<300).map { index in
            let isIPv4 = index % 2 == 0
            let bits = UInt128(random.next()) << 64 | UInt128(random.next())
            let address = isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 3)) : IPAddress(bits: bits)
            let shortest = isIPv4 ? 100 : 4
            return Network(address, prefix: Int.random(in: shortest...128, using: &random))
        }
        let set = NetworkSet(networks)
        for network in networks {
            for edge in [network.base.bits, network.last.bits] {
                for address in [edge, edge &- 1, edge &+ 1, edge ^ 1 << 40] {
                    let address = IPAddress(bits: address)
                    #expect(set.contains(address) == networks.contains { $0.contains(address) }, "\(address)")
                }
            }
        }
    }

    /// Steps, not time: a look-up in a hundred thousand networks is as long as their prefixes.
    @Test func aHundredThousandNetworksCostNoMoreThanTen() {
        func networks(_ count: UInt32) -> [Network] {
            (0..<count).map { Network(IPAddress(v4: 0x0A00_0000 + $0 << 8), prefix: 96 + 24) }
        }
        let few = NetworkSet(networks(10))
        let many = NetworkSet(
            stride(from: UInt32(0), to: 200_000, by: 2).map {
                Network(IPAddress(v4: 0x0A00_0000 &+ $0 << 8), prefix: 96 + 24)
            })
        #expect(few.lookUp(IPAddress(v4: 0x0A00_0505)).steps == 4)
        for address in [0x0A00_0505, 0x0A7F_0102, 0x0A01_0101, 0x0B00_0001] as [UInt32] {
            #expect(many.lookUp(IPAddress(v4: address)).steps <= 4)
        }
        #expect(many.contains(IPAddress(v4: 0x0A00_0409)) && !many.contains(IPAddress(v4: 0x0A00_0509)))
    }
}
