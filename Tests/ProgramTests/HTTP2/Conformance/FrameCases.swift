// Frames that are wrong in themselves: h2spec's sections 6.1 to 6.8, 6.10, 7 and 8.2.
import MartletTestSupport

extension ConformanceGroup {
    static let frames = ConformanceGroup(
        "http2/6", [data, headers, priority, resets, settings, values, order, pings, goAway, continuation, codes, push])

    private static let data = ConformanceSection("http2/6.1") { section in
        section.add("DATA on stream 0", .connectionError([.protocolError])) { _ in [.data(0, "test")] }
        section.add("DATA on a stream that is not open", .streamError([.streamClosed])) { client in
            [.headers(1, client.server.block("POST")), .data(1, "test")]
        }
        section.add("DATA with more padding than there is", .connectionError([.protocolError])) { client in
            [client.post([HTTPField("content-length", "4")]), .data(1, "\u{6}Test", [.endStream, .padded])]
        }
    }

    private static let headers = ConformanceSection("http2/6.2") { section in
        section.add("PRIORITY within a block", .connectionError([.protocolError])) { client in
            [.headers(1, client.server.block(), []), .priority(1), .continuation(1, FrameClient.dummy)]
        }
        section.add("HEADERS of another stream within a block", .connectionError([.protocolError])) { client in
            let block = client.server.block()
            return [.headers(1, block, []), .headers(3, block), .continuation(1, FrameClient.dummy)]
        }
        section.add("HEADERS on stream 0", .connectionError([.protocolError])) { [.headers(0, $0.server.block())] }
        section.add("HEADERS with more padding than there is", .streamError([.protocolError])) { client in
            let block = client.server.block()
            return [.headers(1, [UInt8(block.count + 2)] + block, [.endStream, .endHeaders, .padded])]
        }
    }

    private static let priority = ConformanceSection("http2/6.3") { section in
        section.add("PRIORITY on stream 0", .connectionError([.protocolError])) { _ in [.priority(0)] }
        section.add("PRIORITY of a wrong size", .streamError([.frameSize])) { client in
            [client.get(), WireFrame(.priority, [], 1, [0x80, 0, 0, 1])]
        }
        // h2spec has it in its strict mode only.
        section.add("PRIORITY of a later stream", .head(1)) { [.priority(3), $0.get()] }
    }

    private static let resets = ConformanceSection("http2/6.4") { section in
        section.add("RST_STREAM on stream 0", .connectionError([.protocolError])) { _ in [.reset(0)] }
        section.add("RST_STREAM on an idle stream", .connectionError([.protocolError])) { _ in [.reset(1)] }
        section.add("RST_STREAM of a wrong size", .streamError([.frameSize])) { client in
            [client.get(), WireFrame(.reset, [], 1, [0, 0, 0])]
        }
    }

    private static let settings = ConformanceSection("http2/6.5") { section in
        section.add("SETTINGS with ACK that is not empty", .connectionError([.frameSize])) { _ in
            [WireFrame(.settings, .acknowledged, 0, [0])]
        }
        section.add("SETTINGS on stream 1", .connectionError([.protocolError])) { _ in
            [WireFrame(.settings, [], 1, WireFrame.settings((Setting.maxStreams, 100)).payload)]
        }
        section.play("SETTINGS of a wrong size") { client in
            // A byte of it is missing: the size alone is wrong.
            client.send(WireFrame(.settings, [], 0, [0, 3, 0, 0, 0, 100, 0, 2, 0]).bytes.dropLast())
            try client.expect(.streamError([.protocolError, .frameSize]))
        }
    }

    private static let values = ConformanceSection("http2/6.5.2") { section in
        func add(_ title: String, _ name: UInt16, _ value: UInt32, _ code: ErrorCode) {
            section.add(title, .connectionError([code])) { _ in [.settings((name, value))] }
        }
        add("ENABLE_PUSH of 2", Setting.enablePush, 2, .protocolError)
        add("INITIAL_WINDOW_SIZE of 2^31", Setting.initialWindow, 1 << 31, .flowControl)
        add("MAX_FRAME_SIZE below 2^14", Setting.maxFrame, 16_383, .protocolError)
        add("MAX_FRAME_SIZE of 2^24", Setting.maxFrame, 1 << 24, .protocolError)
        section.add("a setting that nobody knows", .pingAnswer("")) { _ in [.settings((0xff, 1)), .ping("")] }
    }

    private static let order = ConformanceSection("http2/6.5.3") { section in
        section.play("the last of several values counts") { client in
            client.send(.settings((Setting.initialWindow, 100), (Setting.initialWindow, 1)))
            try client.expect(.settingsAnswer)
            client.send(client.get())
            try client.expect(.data(1, 1))
        }
        section.add("SETTINGS are acknowledged", .settingsAnswer) { _ in [.settings((Setting.enablePush, 0))] }
    }

    private static let pings = ConformanceSection("http2/6.7") { section in
        section.add("PING", .pingAnswer("h2spec")) { _ in [.ping("h2spec")] }
        section.add("PING with ACK has no answer", .pingAnswer("h2spec")) { _ in
            [.ping("invalid", .acknowledged), .ping("h2spec")]
        }
        section.add("PING on stream 1", .connectionError([.protocolError])) { _ in
            [WireFrame(.ping, [], 1, WireFrame.ping("").payload)]
        }
        section.add("PING of a wrong size", .connectionError([.frameSize])) { _ in
            [WireFrame(.ping, [], 0, [0, 0, 0, 0, 0, 0])]
        }
    }

    private static let goAway = ConformanceSection("http2/6.8") { section in
        section.add("GOAWAY on stream 1", .connectionError([.protocolError])) { _ in
            [WireFrame(.goAway, [], 1, [UInt8](repeating: 0, count: 8))]
        }
    }

    private static let continuation = ConformanceSection("http2/6.10") { section in
        let dummy = FrameClient.dummy
        section.add("several CONTINUATION frames", .head(1)) { client in
            [
                .headers(1, client.server.block(), .endStream), .continuation(1, dummy, []), .continuation(1, dummy),
            ]
        }
        func add(_ title: String, _ flags: FrameFlags, _ frames: WireFrame...) {
            section.add(title, .connectionError([.protocolError])) { client in
                [.headers(1, client.server.block("POST"), flags)] + frames
            }
        }
        add("DATA behind CONTINUATION", [], .continuation(1, dummy, []), .data(1, "test"))
        add("CONTINUATION on stream 0", .endStream, .continuation(0, dummy))
        add("CONTINUATION behind a whole block", .whole, .continuation(1, dummy))
        add("CONTINUATION behind the last one", .endStream, .continuation(1, dummy), .continuation(1, dummy))
        add("CONTINUATION behind DATA", [], .data(1, "test"), .continuation(1, dummy, []), .continuation(0, dummy))
    }

    private static let codes = ConformanceSection("http2/7") { section in
        section.add("GOAWAY with an unknown code", .pingAnswerOrEnd("h2spec")) { _ in
            [.goAway(last: 0, ErrorCode(0xff)), .ping("h2spec")]
        }
        section.add("RST_STREAM with an unknown code", .pingAnswer("")) { client in
            [client.post(), .reset(1, ErrorCode(0xff)), .ping("")]
        }
    }

    private static let push = ConformanceSection("http2/8.2") { section in
        section.add("PUSH_PROMISE", .connectionError([.protocolError])) { client in
            [WireFrame(.pushPromise, .endHeaders, 1, WireFrame.number(3) + client.server.block())]
        }
    }
}
