// Ranges of addresses in CIDR notation (RFC 4632 section 3.1).

/// All addresses that share a prefix, such as `10.0.0.0/8`. IPv4 networks cover the mapped addresses, so `::/0`
/// covers IPv4 too.
package struct Network: Hashable, Sendable {
    /// The lowest address; its bits behind the prefix are zero.
    package let base: IPAddress
    /// The length of the prefix in the 128 bits, 0...128; an IPv4 network's is 96 more than what is written.
    package let prefix: Int

    /// The network of `address` with its first `prefix` (0...128) bits kept.
    package init(_ address: IPAddress, prefix: Int) {
        precondition(prefix >= 0 && prefix <= 128, "a prefix has 0...128 bits")
        base = IPAddress(bits: address.bits & Network.mask(prefix))
        self.prefix = prefix
    }

    /// The highest address.
    package var last: IPAddress { IPAddress(bits: base.bits | ~Network.mask(prefix)) }

    /// Whether `address` is in it.
    package func contains(_ address: IPAddress) -> Bool { address.bits & Network.mask(prefix) == base.bits }

    static func mask(_ prefix: Int) -> UInt128 { prefix == 0 ? 0 : UInt128.max << UInt128(128 - prefix) }
}

extension Network: CustomStringConvertible {
    /// CIDR notation, in the terms of the address's own family.
    package var description: String { "\(base)/\(base.isIPv4 && prefix >= 96 ? prefix - 96 : prefix)" }
}

extension Network {
    /// The network `text` spells: `10.0.0.0/8`, `2001:db8::/32`, or a bare address, which stands for itself alone.
    ///
    /// Throws when the address or the prefix cannot be read, and when bits behind the prefix are set (`10.1.0.0/8`),
    /// which is a slip more often than not; the message then has the network that was probably meant.
    package init(parsing text: some StringProtocol) throws(AddressError) {
        let slash = text.firstIndex(of: "/")
        let name = text[..<(slash ?? text.endIndex)]
        guard let address = IPAddress(parsing: name) else {
            throw AddressError(
                "'\(name)' is not an IP address", expected: Network.expected, at: 0, length: name.utf8.count)
        }
        let bits = address.isIPv4 ? 32 : 128
        guard let slash else {
            self.init(address, prefix: 128)
            return
        }
        let start = name.utf8.count + 1
        let digits = text[text.index(after: slash)...]
        guard let length = AddressNumber.parse(digits, upTo: bits) else {
            let expected = "a prefix length between 0 and \(bits)"
            throw AddressError(
                "'\(digits)' is not a prefix length", expected: expected, at: start, length: digits.utf8.count)
        }
        self.init(address, prefix: length + 128 - bits)
        guard base == address else {
            let message = "'\(text)' has bits set behind its prefix"
            throw AddressError(
                message, expected: "\(self), or \(address) for the one address", at: 0, length: text.utf8.count)
        }
    }

    static let expected = "an address or a network such as 10.0.0.0/8 or 2001:db8::/32"
}
