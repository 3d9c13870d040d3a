// A question as it is sent.

/// What is asked, and the number by which the answer is known.
package struct DNSQuery: Hashable, Sendable {
    /// How many bytes of an answer a datagram may bring: what passes unfragmented everywhere (DNS flag day 2020).
    package static let datagramBytes = 1_232

    package let id: UInt16
    package let name: DNSName
    package let type: DNSType

    /// - Parameter id: not to be guessed by others.
    package init(id: UInt16, name: DNSName, type: DNSType) {
        self.id = id
        self.name = name
        self.type = type
    }

    /// The message (RFC 1035 section 4.1), which asks for recursion, and says by EDNS what may come back (RFC 6891).
    /// - Parameter usesEDNS: some resolvers answer FORMERR to it.
    package func message(usesEDNS: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        func put(_ number: UInt16) {
            bytes.append(UInt8(truncatingIfNeeded: number >> 8))
            bytes.append(UInt8(truncatingIfNeeded: number))
        }
        put(id)
        put(0x0100)
        put(1)
        put(0)
        put(0)
        put(usesEDNS ? 1 : 0)
        bytes += name.wire
        put(type.rawValue)
        put(Self.internet)
        if usesEDNS {
            // The pseudo-record: root, type OPT, the size in place of a class, no flags, no options.
            bytes.append(0)
            put(41)
            put(UInt16(Self.datagramBytes))
            put(0)
            put(0)
            put(0)
        }
        return bytes
    }

    /// The same behind its length, as streams want it (RFC 7766 section 8).
    package func streamMessage(usesEDNS: Bool = true) -> [UInt8] {
        let message = message(usesEDNS: usesEDNS)
        return [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
    }

    /// The class of the Internet.
    static let internet: UInt16 = 1
}
