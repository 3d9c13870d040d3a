// ClientHellos, whole, in pieces and spoilt.
import Testing

@testable import MartletLayer4

/// A ClientHello that is made up.
struct MadeHello {
    var session = 0
    var suites: [UInt8] = [0x13, 0x01]
    var compressions: [UInt8] = [0]
    /// Type and content.
    var extensions: [(Int, [UInt8])]? = []

    static func length(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }

    static func name(_ name: String, type: UInt8 = 0) -> (Int, [UInt8]) {
        (0, length([type] + length(Array(name.utf8), 2), 2))
    }

    static func protocols(_ names: String...) -> (Int, [UInt8]) {
        (16, length(names.flatMap { length(Array($0.utf8), 1) }, 2))
    }

    /// The handshake message without its head.
    var content: [UInt8] {
        var bytes: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32)
        bytes += Self.length([UInt8](repeating: 9, count: session), 1)
        bytes += Self.length(suites, 2) + Self.length(compressions, 1)
        guard let extensions else { return bytes }
        let all = extensions.flatMap { type, content in
            [UInt8(type >> 8), UInt8(type & 0xFF)] + Self.length(content, 2)
        }
        return bytes + Self.length(all, 2)
    }

    var message: [UInt8] { [1] + Self.length(content, 3) }

    /// The message in records of `size` bytes at most.
    func records(of size: Int = 16_384) -> [UInt8] { Self.records(message, of: size) }

    static func records(_ message: [UInt8], of size: Int = 16_384) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap { start in
            [22, 3, 1] + length(Array(message[start..<min(start + size, message.count)]), 2)
        }
    }
}

@Suite struct ClientHelloTests {
    private let usual = MadeHello(
        session: 32,
        extensions: [
            (0x0A0A, []), MadeHello.name("WWW.Example.com"), (43, [2, 3, 4]), MadeHello.protocols("h2", "http/1.1"),
        ])

    private func read(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) -> ClientHelloResult {
        var onward = ClientHelloReader()
        var last = ClientHelloResult.incomplete
        for count in 0...bytes.count where last == .incomplete { last = onward.read(bytes.span.extracting(0..<count)) }
        let whole = inEverySplit(bytes, incomplete: ClientHelloResult.incomplete, location) { bytes in
            var reader = ClientHelloReader()
            return reader.read(bytes)
        }
        #expect(last == whole, "byte by byte", sourceLocation: location)
        return whole
    }

    private func hello(_ name: String?, _ protocols: String...) -> ClientHelloResult {
        var hello = ClientHello()
        hello.serverName = name
        hello.protocols = protocols.map { Array($0.utf8) }
        return .complete(hello)
    }

    @Test(arguments: [1, 2, 3, 5, 64, 16_384]) func nameAndProtocolsAreRead(_ size: Int) {
        #expect(read(usual.records(of: size)) == hello("www.example.com", "h2", "http/1.1"))
    }

    @Test func whatFollowsIsNotTouched() {
        #expect(read(usual.records() + [20, 3, 3, 0, 1, 1]) == hello("www.example.com", "h2", "http/1.1"))
    }

    @Test func theseAreNotNeeded() {
        #expect(read(MadeHello().records()) == hello(nil))
        #expect(read(MadeHello(extensions: nil).records()) == hello(nil))
    }

    @Test func aDotAtTheEndIsNoPartOfTheName() {
        #expect(read(MadeHello(extensions: [MadeHello.name("a.test.")]).records()) == hello("a.test"))
    }

    private static let refused: [([UInt8], ClientHelloRefusal)] = [
        (Array("GET / HTTP/1.1\r\n".utf8), .notTLS),
        ([0x80, 0x2E, 1, 3, 1], .notTLS), ([21, 3, 1, 0, 2, 2, 70], .notTLS), ([22, 2, 0], .notTLS),
        ([22, 3, 1, 0, 0], .notTLS), ([22, 3, 1, 0x40, 1], .notTLS), ([22, 3, 1, 0, 4, 2, 0, 0, 0], .notAClientHello),
        ([22, 3, 1, 0, 1, 1, 23], .malformed), ([22, 3, 1, 0, 1, 1, 22, 4], .malformed),
        ([22, 3, 1, 0, 1, 1, 22, 3, 1, 0, 0], .malformed), ([22, 3, 1, 0, 4, 1, 0, 0x40, 0], .tooLarge),
        ([22, 3, 1, 0, 4, 1, 0, 0, 0], .malformed),
    ]

    @Test(arguments: refused)
    func otherBeginningsAreRefused(_ bytes: [UInt8], _ refusal: ClientHelloRefusal) {
        #expect(read(bytes) == .refused(refusal))
    }

    @Test func wrongContentIsRefused() {
        var spoilt = [
            MadeHello(session: 33), MadeHello(suites: []), MadeHello(suites: [1, 2, 3]), MadeHello(compressions: []),
        ]
        let extensions: [[(Int, [UInt8])]] = [
            [MadeHello.name("a"), MadeHello.name("b")], [MadeHello.protocols("a"), MadeHello.protocols("a")],
            [MadeHello.name("")], [MadeHello.name("a", type: 1)], [MadeHello.name("a b")], [MadeHello.name("a\0")],
            [MadeHello.name("\u{E9}")], [MadeHello.name(String(repeating: "a", count: 256))],
            [(0, [])], [(0, [0, 4, 0, 0, 1, 0x61, 0])], [(0, [0, 3, 0, 0, 1, 0x61])], [(0, [0, 0])],
            [(16, [])], [(16, [0, 0])], [(16, [0, 1, 0])], [(16, [0, 2, 2, 0x61])], [(16, [0, 2, 1, 0x61, 0])],
        ]
        spoilt += extensions.map { MadeHello(extensions: $0) }
        for made in spoilt { #expect(read(made.records()) == .refused(.malformed), "\(made)") }
    }

    @Test func aWrongLengthAnywhereIsRefused() {
        let content = usual.content
        for count in 0..<content.count {
            let message = [1] + MadeHello.length(Array(content[..<count]), 3)
            // Without its extensions it is one of the time before there were any.
            if count == 2 + 32 + 33 + 4 + 2 { continue }
            #expect(read(MadeHello.records(message)) == .refused(.malformed), "\(count)")
        }
        #expect(read(MadeHello.records([1] + MadeHello.length(content + [0], 3))) == .refused(.malformed))
        #expect(read(MadeHello.records(usual.message + [0])) == .refused(.malformed))
    }

    @Test func thereIsABound() {
        func made(_ count: Int) -> [UInt8] {
            MadeHello(extensions: [(21, [UInt8](repeating: 0, count: count)), MadeHello.name("a.test")]).records()
        }
        let empty = made(0).count
        #expect(read(made(ClientHelloReader.limit - empty)) == hello("a.test"))
        #expect(read(made(ClientHelloReader.limit - empty + 1)) == .refused(.tooLarge))
    }
}
