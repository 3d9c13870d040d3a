// The name of a node in the DNS (RFC 1035 section 3.1). Held as the bytes that are sent, in lower case, so that comparing two is
// comparing bytes (RFC 4343).

/// A domain name.
package struct DNSName: Hashable, Sendable {
    /// The most bytes that a name has on the wire, and a label without its length (RFC 1035 section 2.3.4).
    static let mostBytes = 255
    static let mostLabelBytes = 63

    /// Labels with their lengths, and the empty one at the end; letters of ASCII are in lower case.
    let wire: [UInt8]

    /// A name as it is written, with or without a dot at its end. Labels have letters, digits, hyphens and underscores, which
    /// names of services begin with (RFC 2782).
    /// - Returns: `nil` if it is none.
    package init?(_ text: String) {
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)
        if labels.last?.isEmpty == true { labels.removeLast() }
        if labels.isEmpty { return nil }
        var wire: [UInt8] = []
        for label in labels {
            let bytes = Array(label.utf8)
            if bytes.isEmpty || bytes.count > Self.mostLabelBytes { return nil }
            if !bytes.allSatisfy(Self.mayBeWritten) { return nil }
            wire.append(UInt8(bytes.count))
            wire += bytes.map(Self.lowercase)
        }
        wire.append(0)
        if wire.count > Self.mostBytes { return nil }
        self.wire = wire
    }

    /// A name that has been read, in lower case and within the bounds.
    init(wire: [UInt8]) { self.wire = wire }

    /// Whether it is the root, which as the target of a service says that there is none (RFC 2782).
    package var isRoot: Bool { wire.count == 1 }

    /// Whether all of its labels could be written in a config: what is not must not reach a log or a connection.
    package var isWritable: Bool {
        var place = 0
        while place < wire.count, wire[place] != 0 {
            let end = place + 1 + Int(wire[place])
            if end > wire.count || !wire[place + 1..<end].allSatisfy(Self.mayBeWritten) { return false }
            place = end
        }
        return true
    }

    static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func mayBeWritten(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}

extension DNSName: CustomStringConvertible {
    /// As it is written, without a dot at its end; "." for the root. Bytes that are not written stand as "?".
    package var description: String {
        if isRoot { return "." }
        var text = ""
        var place = 0
        while place < wire.count, wire[place] != 0 {
            let end = min(place + 1 + Int(wire[place]), wire.count)
            if place > 0 { text += "." }
            for byte in wire[place + 1..<end] {
                text += Self.mayBeWritten(byte) ? String(UnicodeScalar(byte)) : "?"
            }
            place = end
        }
        return text
    }
}
