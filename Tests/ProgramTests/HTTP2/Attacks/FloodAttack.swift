// Clients that keep the proxy busy with what costs them little (RFC 9113 section 10.5).
import MartletTestSupport
import Testing

/// The same frames again and again, until the connection ends.
struct FloodAttack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the counter of faults calls it.
    let kind: String
    /// What is said once before.
    let start: @Sendable (FrameClient) -> [WireFrame]
    /// What is said in each round, the first of which has number 0.
    let round: @Sendable (FrameClient, Int) -> [WireFrame]

    private init(
        _ name: String, _ kind: String, start: @escaping @Sendable (FrameClient) -> [WireFrame] = { _ in [] },
        _ round: @escaping @Sendable (FrameClient, Int) -> [WireFrame]
    ) {
        testDescription = name
        self.kind = kind
        self.start = start
        self.round = round
    }

    static let all = resets + idle + continuations

    // MARK: Streams that are called off

    /// A request in each round, and what spoils it.
    private static func reset(
        _ name: String, _ spoil: @escaping @Sendable (FrameClient, UInt32) -> [WireFrame]
    ) -> FloodAttack {
        FloodAttack(name, "resets") { spoil($0, UInt32(1 + 2 * $1)) }
    }

    /// The client resets its requests (CVE-2023-44487), or makes the proxy do that (CVE-2025-8671).
    private static let resets: [FloodAttack] = {
        let most: UInt32 = 0x7fff_ffff
        return [
            reset("rapid reset") { [.headers($1, $0.server.block()), .reset($1)] },
            reset("rapid reset of content") { [.open($1, $0.server.block("POST")), .reset($1)] },
            reset("WINDOW_UPDATE of 0") { [.headers($1, $0.server.block()), .windowUpdate($1, 0)] },
            reset("a window that is too large") { client, stream in
                [.headers(stream, client.server.block()), .windowUpdate(stream, most), .windowUpdate(stream, most)]
            },
            reset("DATA behind the end") { [.headers($1, $0.server.block()), .data($1, "x")] },
            reset("HEADERS behind the end") { client, stream in
                [.headers(stream, client.server.block()), .headers(stream, client.server.block())]
            },
            reset("PRIORITY of a wrong size") { client, stream in
                [.headers(stream, client.server.block()), WireFrame(.priority, [], stream, [0, 0, 0, 0])]
            },
            reset("a stream that depends on itself") { client, stream in
                [.headers(stream, client.server.block()), .priority(stream, on: stream)]
            },
            reset("more content than announced") { client, stream in
                let length = HTTPField("content-length", "1")
                return [.open(stream, client.server.block("POST", "/", [length])), .data(stream, "too much")]
            },
            reset("trailers that are not the end") { client, stream in
                let trailers = HPACKWriter.block([HTTPField("x-test", "ok")])
                return [.open(stream, client.server.block("POST")), .open(stream, trailers)]
            },
            reset("a malformed head") { [.headers($1, $0.server.block("GET", "/", [HTTPField("UPPER", "x")]))] },
            reset("malformed trailers") { client, stream in
                let trailers = HPACKWriter.block([HTTPField(":path", "/")])
                return [.open(stream, client.server.block("POST")), .headers(stream, trailers)]
            },
        ]
    }()

    // MARK: Frames that move nothing

    private static func idle(
        _ name: String, start: @escaping @Sendable (FrameClient) -> [WireFrame] = { _ in [] }, _ frame: WireFrame
    ) -> FloodAttack {
        FloodAttack(name, "idle_frames", start: start) { _, _ in [frame] }
    }

    /// Requests that stay open: their content does not come.
    private static let posts: @Sendable (FrameClient) -> [WireFrame] = { client in
        (0..<100).map { .open(UInt32(1 + 2 * $0), client.server.block("POST")) }
    }

    private static let idle: [FloodAttack] = [
        idle("SETTINGS", .settings([])), idle("PING", .ping("flood")),
        idle("PING with ACK", .ping("flood", .acknowledged)), idle("PRIORITY of streams to come", .priority(99)),
        idle("an unknown frame", WireFrame(type: 0x77)), idle("WINDOW_UPDATE", .windowUpdate(0, 1)),
        idle("PRIORITY_UPDATE", WireFrame(type: 0x10, payload: WireFrame.number(99) + Array("u=1".utf8))),
        idle("DATA without content", start: posts, .data(1, "", [])),
        idle("DATA of padding", start: posts, WireFrame(.data, .padded, 1, [9] + [UInt8](repeating: 0, count: 9))),
        idle("WINDOW_UPDATE of a stream", start: posts, .windowUpdate(1, 1)),
        idle("RST_STREAM again and again", start: posts, .reset(1)),
        FloodAttack("SETTINGS that move all windows", "idle_frames", start: posts) { _, number in
            [.settings((Setting.initialWindow, UInt32(65_535 - number % 2)))]
        },
        FloodAttack("SETTINGS that resize the table", "idle_frames", start: posts) { _, number in
            [.settings((Setting.tableSize, number % 2 == 0 ? 0 : 4_096))]
        },
        FloodAttack("PRIORITY of many streams", "idle_frames") { _, number in
            [.priority(UInt32(1 + 2 * number), on: UInt32(3 + 2 * number))]
        },
    ]

    // MARK: Heads without end

    private static func continuation(_ name: String, _ bytes: [UInt8]) -> FloodAttack {
        FloodAttack(name, "continuations", start: { [.headers(1, $0.server.block(), .endStream)] }) { _, _ in
            [.continuation(1, bytes, [])]
        }
    }

    private static let continuations: [FloodAttack] = [
        continuation("CONTINUATION without content", []),
        continuation("CONTINUATION of small fields", HPACKWriter.literal("x", "y")),
        continuation("CONTINUATION of a byte of a field", [0]),
        continuation("CONTINUATION of large fields", (0..<4).flatMap { _ in FrameClient.dummy }),
    ]
}
