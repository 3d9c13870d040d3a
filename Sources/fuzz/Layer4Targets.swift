// What stands in front of a connection: PROXY protocol headers and ClientHellos.

import MartletHTTPCore
import MartletLayer4

enum ProxyHeaderTarget: FuzzTarget {
    static let name = "proxy-headers"
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    private static let ends4: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0, 80, 1, 187]
    static let seeds: [[UInt8]] =
        [
            "PROXY TCP4 192.168.0.1 10.0.0.2 56324 443\r\nGET / HTTP/1.1\r\n", "PROXY UNKNOWN\r\n",
            "PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 1 65535\r\n", "PROXY UNKNOWN ::1 ::1 1 2\r\n",
        ].map { Array($0.utf8) } + [
            signature + [0x21, 0x11, 0, 12] + ends4 + [1, 2, 3], signature + [0x20, 0, 0, 0],
            signature + [0x21, 0x11, 0, 20] + ends4 + [1, 0, 2, 0x68, 0x32, 4, 0, 0],
            signature + [0x21, 0x11, 0, 19] + ends4 + [3, 0, 4, 1, 2, 3, 4],
            signature + [0x21, 0x21, 0, 36] + [UInt8](repeating: 7, count: 36),
            signature + [0x21, 0x31, 0, 216] + [UInt8](repeating: 0, count: 216),
        ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let whole = ProxyProtocolReader.read(input.span)
        for end in random.cuts(input.count) {
            let part = ProxyProtocolReader.read(input.span.extracting(0..<end))
            try require(part == .incomplete || part == whole, "in pieces the same as at once, after \(end)")
        }
        let isUndecided = whole == .incomplete
        try require(!isUndecided || input.count < ProxyProtocolReader.limit, "a header has a bound")
        guard case .complete(let header) = whole else { return false }
        try require(header.length <= min(input.count, ProxyProtocolReader.limit), "a header is within its bytes")
        try require((header.source == nil) == (header.destination == nil), "both ends or none")
        for length in [header.length, header.length - 1] {
            let exact = ProxyProtocolReader.read(input.span.extracting(0..<length))
            try require(exact == (length == header.length ? whole : .incomplete), "all of it is needed, and no more")
        }
        return true
    }
}

enum ProxyWriterTarget: FuzzTarget {
    static let name = "proxy-writer"
    static let seeds: [[UInt8]] = [
        [UInt8](repeating: 0, count: 36), [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + (0..<24).map { $0 },
        (0..<36).map { $0 * 7 },
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        guard input.count >= 36 else { return false }
        func number(_ range: Range<Int>) -> UInt64 { input[range].reduce(0) { $0 << 8 | UInt64($1) } }
        let source = ProxyEndpoint(
            IPAddress(hi: number(0..<8), lo: number(8..<16)), port: UInt16(number(32..<34)))
        let destination = ProxyEndpoint(
            IPAddress(hi: number(16..<24), lo: number(24..<32)), port: UInt16(number(34..<36)))
        let text = ProxyProtocolWriter.text(from: source, to: destination)
        let binary = ProxyProtocolWriter.binary(from: source, to: destination)
        for bytes in [text, binary] {
            guard case .complete(let header) = ProxyProtocolReader.read((bytes + input).span) else {
                throw Violation(property: "what is written is read: \(escaped(bytes))")
            }
            try require(header.source == source && header.destination == destination, "and means the same")
            try require(header.length == bytes.count && !header.isLocal, "and ends where it ends")
        }
        return true
    }
}

enum ClientHelloTarget: FuzzTarget {
    static let name = "client-hellos"
    static let seeds: [[UInt8]] = [
        record(message(extensions: [])), record(message(extensions: names + protocols)),
        record(Array(message(extensions: names)[..<20])) + record(Array(message(extensions: names)[20...])),
        record(message(extensions: protocols + [0x0A, 0x0A, 0, 0] + names)) + [20, 3, 3, 0, 1, 1],
        Array("GET / HTTP/1.1\r\n".utf8),
    ]
    private static let names: [UInt8] = [0, 0, 0, 11, 0, 9, 0, 0, 6] + Array("a.test".utf8)
    private static let protocols: [UInt8] = [0, 16, 0, 5, 0, 3, 2, 0x68, 0x32]

    private static func record(_ content: [UInt8]) -> [UInt8] { [22, 3, 1, 0, UInt8(content.count)] + content }

    private static func message(extensions: [UInt8]) -> [UInt8] {
        let content: [UInt8] =
            [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0, 0, UInt8(extensions.count)]
            + extensions
        return [1, 0, 0, UInt8(content.count)] + content
    }

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        var reader = ClientHelloReader()
        let whole = reader.read(input.span)
        var onward = ClientHelloReader()
        for end in random.cuts(input.count) {
            let part = onward.read(input.span.extracting(0..<end))
            try require(part == .incomplete || part == whole, "in pieces the same as at once, after \(end)")
            if part != .incomplete { break }
        }
        let isUndecided = whole == .incomplete
        try require(!isUndecided || input.count < ClientHelloReader.limit, "a ClientHello has a bound")
        guard case .complete(let hello) = whole else { return false }
        let name = hello.serverName ?? "a"
        let isPrintable = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && ByteScan.lowercased($0) == $0 }
        try require(isPrintable && !name.isEmpty && name.utf8.count <= 255, "a name is one")
        try require(hello.protocols.allSatisfy { !$0.isEmpty }, "protocols have names")
        return true
    }
}
