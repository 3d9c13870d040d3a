// A whole conversation, cut everywhere: what it means and what is answered does not depend on the pieces.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct PieceTests {
    private static let server: [[UInt8]] = [
        Wire.preface, Wire.settings([(.initialWindowSize, 100), (.headerTableSize, 0)]), Wire.settingsAck,
        Wire.priorityUpdate(3, "u=1"), Wire.headers(1, end: false), Wire.data(1, [1, 2, 3]),
        Wire.padded(1, [4, 5], padding: 7), Wire.frame(0x55, flags: 3, stream: 9, [1, 2, 3, 4]),
        Wire.frame(.headers, [.padded, .priority], stream: 3, [3, 0x80, 0, 0, 1, 9, 0x82, 0x84, 0, 0, 0]),
        Wire.frame(.continuation, stream: 3, [0x85]), Wire.frame(.continuation, .endHeaders, stream: 3, [0x86, 0x87]),
        Wire.windowUpdate(0, 5000), Wire.windowUpdate(1, 7), Wire.data(1, []), Wire.padded(1, [], padding: 3),
        Wire.ping(), Wire.priority(5, on: 3), Wire.data(3, [9, 9], end: true), Wire.headers(5), Wire.reset(3),
        Wire.data(5, [1, 1, 1, 1]), Wire.headers(1), Wire.headers(1), Wire.windowUpdate(1, 0), Wire.goAway(0),
        Wire.data(3, [7, 7]), Wire.headers(7), Wire.headers(6),
    ]

    private static let client: [[UInt8]] = [
        Wire.settings([(.maxConcurrentStreams, 50)]), Wire.settingsAck, Wire.headers(1, end: false, block: [0x08]),
        Wire.headers(1, end: false), Wire.data(1, [1, 2]), Wire.padded(1, [3], padding: 4), Wire.ping(),
        Wire.headers(3), Wire.windowUpdate(5, 40_000), Wire.frame(.headers, .endStream, stream: 1, [0x83]),
        Wire.frame(.continuation, .endHeaders, stream: 1, [0x84]), Wire.reset(5, .refusedStream),
        Wire.goAway(7, debug: [1]),
        Wire.headers(7, end: false), Wire.data(7, [6], end: true), Wire.data(9, [1]),
        Wire.frame(.pushPromise, stream: 7),
    ]

    /// An end to which nothing has been said. A client has made five requests.
    private static func begin(_ role: HTTP2Role) -> Endpoint {
        let endpoint = Endpoint(role)
        guard role == .client else { return endpoint }
        for _ in 0..<5 { endpoint.request(end: false) }
        return endpoint
    }

    /// What is told of the bytes, with pieces of content joined, and what is answered.
    private static func run(_ role: HTTP2Role, _ pieces: [[UInt8]]) -> ([Seen], [SentFrame]) {
        let endpoint = begin(role)
        var seen: [Seen] = []
        for piece in pieces {
            for one in endpoint.receive(piece) {
                if case .headers(let number, _, false, [0x82]) = one { endpoint.expectContent(number) }
                Endpoint.add(one, to: &seen)
            }
            if case .failed? = seen.last { break }
        }
        return (seen, endpoint.sent())
    }

    @Test(arguments: HTTP2Role.allCases)
    func cutsDoNotMatter(role: HTTP2Role) {
        let frames = role == .server ? Self.server : Self.client
        let expected = Self.run(role, frames)
        #expect(expected.0.count == (role == .server ? 14 : 12))
        #expect(expected.0.last == .failed(role == .server ? .evenStream : .pushPromise))
        let bytes = frames.flatMap { $0 }
        for cut in 1..<bytes.count {
            let result = Self.run(role, Self.pieces(frames, cut))
            #expect(result == expected, "cut at \(cut)")
        }
        #expect(Self.run(role, bytes.map { [$0] }) == expected)
    }

    /// The frames, of which the one at `cut` is cut there.
    private static func pieces(_ frames: [[UInt8]], _ cut: Int) -> [[UInt8]] {
        var rest = cut
        var pieces: [[UInt8]] = []
        for frame in frames {
            if rest > 0, rest < frame.count {
                pieces += [Array(frame[..<rest]), Array(frame[rest...])]
            } else {
                pieces.append(frame)
            }
            rest -= frame.count
        }
        return pieces
    }
}
