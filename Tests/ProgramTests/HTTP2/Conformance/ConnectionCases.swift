// The beginning of connections, the format of frames, header blocks and extensions: h2spec's sections 3.5 to 4.3, 5.4.1
// and 5.5.
import MartletTestSupport

extension ConformanceGroup {
    static let connections = ConformanceGroup("http2/3-4", [prefaces, formats, sizes, blocks, errors, extensions])

    private static let unknown = WireFrame(type: 0x16, payload: [UInt8](repeating: 0, count: 8))

    private static let prefaces = ConformanceSection("http2/3.5") { section in
        section.raw("the server's preface comes first") { client in
            client.send(FrameClient.preface + WireFrame.settings((Setting.initialWindow, 65_535)).bytes)
            try client.expect(.settingsFirst)
        }
        section.raw("an invalid preface") { client in
            client.send(Array("INVALID CONNECTION PREFACE\r\n\r\n".utf8))
            _ = try client.socket.receiveUntilGone()
        }
    }

    private static let formats = ConformanceSection("http2/4.1") { section in
        section.add("a frame of unknown type", .pingAnswer("")) { _ in [unknown, .ping("")] }
        section.add("flags that are not defined", .pingAnswer("")) { _ in [.ping("", FrameFlags(rawValue: 0x16))] }
        section.add("the reserved bit", .pingAnswer("")) { _ in
            [WireFrame(.ping, FrameFlags(rawValue: 0x16), 1 << 31, WireFrame.ping("").payload)]
        }
    }

    private static let sizes = ConformanceSection("http2/4.2") { section in
        section.add("DATA of the maximum size", .head(1)) { client in
            [client.post(), .data(1, String(repeating: "x", count: client.maxFrame))]
        }
        section.add("DATA beyond it", .streamError([.frameSize])) { client in
            [client.post(), .data(1, String(repeating: "x", count: client.maxFrame + 1))]
        }
        section.add("HEADERS beyond it", .connectionError([.frameSize])) { client in
            [client.get([HTTPField("x-dummy", String(repeating: "x", count: client.maxFrame))])]
        }
    }

    private static let blocks = ConformanceSection("http2/4.3") { section in
        section.add("a block that ends too early", .connectionError([.compression])) { _ in [.headers(1, [0x40])] }
        section.add("PRIORITY within a block", .connectionError([.protocolError])) { client in
            [.headers(1, client.server.block(), []), .priority(1), .continuation(1, FrameClient.dummy)]
        }
        section.add("HEADERS of another stream within a block", .connectionError([.protocolError])) { client in
            let block = client.server.block()
            return [.headers(1, block, []), .headers(3, block), .continuation(1, FrameClient.dummy)]
        }
    }

    private static let errors = ConformanceSection("http2/5.4.1") { section in
        let ping = WireFrame(.ping, [], 3, WireFrame.ping("").payload)
        section.add("behind a connection error the connection ends", .closed) { _ in [ping] }
        // h2spec has it in its strict mode only.
        section.add("behind GOAWAY", .goAway(.protocolError)) { _ in [ping] }
    }

    private static let extensions = ConformanceSection("http2/5.5") { section in
        section.add("an unknown frame", .pingAnswer("")) { _ in [unknown, .ping("")] }
        section.add("an unknown frame within a block", .connectionError([.protocolError])) { client in
            [.headers(1, client.server.block(), .endStream), unknown]
        }
    }
}
