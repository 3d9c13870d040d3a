// What discovery finds, and how it is looked for.
import MartletHTTPCore

/// A server that a name has led to.
package struct DiscoveredServer: Hashable, Sendable {
    package let address: IPAddress
    package let port: UInt16
    /// Its share among the others, as SRV has it; 1 without.
    package let weight: UInt16
    /// It serves when those of a lower priority cannot.
    package let isBackup: Bool

    package init(address: IPAddress, port: UInt16, weight: UInt16 = 1, isBackup: Bool = false) {
        self.address = address
        self.port = port
        self.weight = weight
        self.isBackup = isBackup
    }

    /// What tells it from others: an address is one server, however often it is named.
    struct Place: Hashable {
        let bits: UInt128
        let port: UInt16
    }

    var place: Place { Place(bits: address.bits, port: port) }
    /// Of two that are the same server, the higher one counts.
    var rank: Int { (isBackup ? 0 : 65_536) + Int(weight) }
}

extension IPAddress {
    /// Whether it can be the address of a server: not the unspecified one, which leads to this host, and no group of hosts.
    var isOfOneHost: Bool {
        if isIPv4 { return v4 >> 24 != 0 && v4 >> 28 < 14 }
        return bits != 0 && hi >> 56 != 0xFF
    }
}

/// What is looked up of a name.
package enum DiscoveryKind: Equatable, Sendable {
    /// Its addresses, IPv4 or IPv6 or both, each with this port.
    case addresses(v4: Bool, v6: Bool, port: UInt16)
    /// Its services (SRV), and the addresses of their targets.
    case services
}

/// How answers are used.
package struct DiscoveryRules: Equatable, Sendable {
    /// Never asked for more often, and never less often, in milliseconds, whatever the answer's time says.
    package var shortest: UInt64 = 1_000
    package var longest: UInt64 = 300_000
    /// How often in a row there has to be nothing until that is believed.
    package var confirmations = 3
    /// Servers that a name may have; more are not used.
    package var mostServers = 256

    package init() {}
}

/// What has come of a round of questions.
package enum DiscoveryOutcome: Equatable, Sendable {
    /// Questions are still open.
    case unfinished
    case unchanged
    /// The servers are others; so many more than there may be were left out.
    case changed([DiscoveredServer], leftOut: Int)
    /// What was known stays.
    case failed(DNSFault)
    /// There is said to be nothing, which is not believed yet.
    case doubted
}
