// Sessions of TLS: two that talk over a wire which changes what passes, and one that is sent anything.

import MartletTLS

enum TLSSessionTarget: FuzzTarget {
    static let name = "tls-sessions"
    /// Groups of four bytes each say: which flight, where in it (two bytes), and what to do with the byte there.
    static let seeds: [[UInt8]] = [
        [], [0, 0, 0, 1], [0, 0, 5, 0x80], [0, 0, 43, 1], [1, 0, 1, 1], [1, 0, 130, 0], [1, 0, 6, 0x10, 2, 0, 3, 1],
        [2, 0, 70, 0], [3, 0, 4, 1], [4, 0, 2, 1], [4, 0, 20, 1], [5, 0, 0, 2],
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let (client, server) = (TLSEnd(TLSParts.shared.client()), TLSEnd(TLSParts.shared.server()))
        try client.open([])
        var flight = 0
        var isChanged = false
        while !client.outbox.isEmpty || !server.outbox.isEmpty {
            for (one, other) in [(client, server), (server, client)] where !one.outbox.isEmpty {
                let sent = one.takeOutbox()
                let bytes = change(sent, flight, by: input)
                isChanged = isChanged || bytes != sent
                try other.open(bytes, cuts: random.cuts(bytes.count))
                flight += 1
            }
            // Each says something as soon as it may, and once more.
            if flight < 8 {
                for end in [client, server] where end.isEstablished && end.isOpen {
                    try end.seal([UInt8](repeating: 7, count: 300))
                }
            }
            try require(flight < 100, "sessions come to an end with what they have to say")
        }
        for end in [client, server] {
            let isGenuine = end.received.allSatisfy { $0 == 7 } && end.received.count.isMultiple(of: 300)
            try require(isGenuine, "what is received is what was sent, or nothing")
            try require(!end.received.isEmpty || isChanged, "what passes unchanged arrives")
            try require(end.isOpen || isChanged, "nothing fails without a reason")
        }
        return client.isEstablished && server.isEstablished
    }

    private static func change(_ bytes: [UInt8], _ flight: Int, by input: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 0, to: input.count - 3, by: 4) where Int(input[start]) % 8 == flight {
            if bytes.isEmpty { break }
            let place = (Int(input[start + 1]) << 8 | Int(input[start + 2])) % bytes.count
            switch input[start + 3] {
            case 0: bytes.remove(at: place)
            case 0xFF: bytes.insert(bytes[place], at: place)
            default: bytes[place] ^= input[start + 3]
            }
        }
        return bytes
    }
}

enum TLSRecordTarget: FuzzTarget {
    static let name = "tls-records"
    static let seeds: [[UInt8]] =
        ClientHelloTarget.seeds + [
            [22, 3, 1, 0, 4, 1, 0, 0, 0], [21, 3, 3, 0, 2, 2, 40], [20, 3, 3, 0, 1, 1], [23, 3, 3, 0, 1, 0],
            [0x80, 46, 1, 3, 1], Array("GET / HTTP/1.1\r\n\r\n".utf8), hello,
        ]
    private static var hello: [UInt8] {
        let client = TLSEnd(TLSParts.shared.client())
        try? client.open([])
        return client.takeOutbox()
    }

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let (whole, pieces) = (TLSEnd(TLSParts.shared.server()), TLSEnd(TLSParts.shared.server()))
        try whole.open(input)
        try pieces.open(input, cuts: random.cuts(input.count))
        for end in [whole, pieces] {
            try require(!end.isEstablished && end.received.isEmpty, "no handshake is made of one side alone")
        }
        try require(whole.isOpen == pieces.isOpen, "in pieces the same as at once")
        return whole.isOpen && !whole.outbox.isEmpty
    }
}
