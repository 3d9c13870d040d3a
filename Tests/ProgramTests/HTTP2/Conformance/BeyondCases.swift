// What h2spec does not ask: rules of RFC 9113, RFC 7541 and RFC 9218 that it leaves out or that are newer than it.
import MartletTestSupport

extension ConformanceGroup {
    static let beyond = ConformanceGroup(
        "beyond h2spec", [start, oddFrames, windows, blocks, priorities, fields, requests])

    private static let start = ConformanceSection("beyond/3.4") { section in
        section.raw("the preface byte by byte") { client in
            for byte in FrameClient.preface + WireFrame.settings([]).bytes + client.get().bytes { client.send([byte]) }
            try client.expect(.head(1))
        }
        section.raw("a preface with a request behind it") { client in
            client.send(FrameClient.preface + WireFrame.settings([]).bytes + client.get().bytes)
            try client.expect(.head(1))
        }
        section.raw("a preface without SETTINGS behind it") { client in
            client.send(FrameClient.preface + WireFrame.ping("").bytes)
            try client.expect(.connectionError([.protocolError]))
        }
        section.raw("SETTINGS with ACK instead of the first SETTINGS") { client in
            client.send(FrameClient.preface + WireFrame(.settings, .acknowledged).bytes)
            try client.expect(.connectionError([.protocolError]))
        }
    }

    private static let oddFrames = ConformanceSection("beyond/6") { section in
        let small: Expectation = .connectionError([.frameSize, .protocolError])
        section.add("GOAWAY that is too small", small) { _ in [WireFrame(.goAway, [], 0, [0, 0, 0, 0])] }
        section.add("DATA without the length of its padding", small) { [$0.post(), WireFrame(.data, .padded, 1)] }
        section.add("HEADERS without the length of their padding", small) { _ in
            [.headers(1, [], [.endHeaders, .endStream, .padded])]
        }
        section.add("HEADERS without their priority", small) { _ in
            [.headers(1, [0, 0, 0], [.endHeaders, .endStream, .priority])]
        }
        section.add("CONTINUATION that is too large", .connectionError([.frameSize])) { client in
            let much = [UInt8](repeating: 0, count: client.maxFrame + 1)
            return [.headers(1, client.server.block(), .endStream), .continuation(1, much)]
        }
        section.add("an unknown frame that is too large", .streamError([.frameSize])) { client in
            [WireFrame(type: 0x16, payload: [UInt8](repeating: 0, count: client.maxFrame + 1))]
        }
        section.add("RST_STREAM on a stream of the server", .connectionError([.protocolError])) { _ in [.reset(2)] }
        section.add("DATA on a stream of the server", .connectionError([.protocolError])) { _ in [.data(2, "x")] }
        section.add("frames of other RFCs", .pingAnswer("")) { _ in
            [WireFrame(type: 0xa, payload: [0, 0]), WireFrame(type: 0xc, payload: [0, 0]), .ping("")]
        }
        section.add("DATA that is all padding", .head(1)) { client in
            [client.post(), WireFrame(.data, [.padded, .endStream], 1, [3, 0, 0, 0])]
        }
    }

    private static let windows = ConformanceSection("beyond/6.9") { section in
        section.add("WINDOW_UPDATE of a wrong size on a stream", .connectionError([.frameSize])) { client in
            [client.post(), WireFrame(.windowUpdate, [], 1, [0, 0, 0, 1, 0])]
        }
        section.add("an initial window that makes a stream's too large", .connectionError([.flowControl])) { client in
            [client.post(), .windowUpdate(1, 0x7fff_ffff - 65_535), .settings((Setting.initialWindow, 65_536))]
        }
        section.add("WINDOW_UPDATE on a stream that has ended", .pingAnswer("")) { client in
            [client.get(), .reset(1), .windowUpdate(1, 1), .ping("")]
        }
    }

    private static let blocks = ConformanceSection("beyond/7541") { section in
        section.addBlock("an index of many bytes") { $0 + [0xff] + [UInt8](repeating: 0xff, count: 10) + [1] }
        section.addBlock("a string longer than the block") { $0 + [0, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0x61] }
        section.addBlock("a table size update behind a field") { $0 + HPACKWriter.tableSize(100) + [0x82] }
        section.addBlock("a Huffman string that ends within a code") { $0 + [0, 0x81, 0xfe, 1, 0x61] }
        section.add("an empty block", .streamError([.protocolError])) { _ in [.headers(1, [])] }
        section.play("a table of size 0") { client in
            client.send(.settings((Setting.tableSize, 0)))
            try client.expect(.settingsAnswer)
            client.hpack.bound = 0
            for stream: UInt32 in [1, 3] {
                client.send(.headers(stream, client.server.block()))
                try client.expect(.head(stream))
            }
            if client.hpack.limit != 0 { throw TestFailure("the encoder has not said that its table is smaller") }
        }
    }

    private static let priorities = ConformanceSection("beyond/9218") { section in
        @Sendable func update(_ stream: UInt32, _ text: String, on own: UInt32 = 0) -> WireFrame {
            WireFrame(type: 0x10, stream: own, payload: WireFrame.number(stream) + Array(text.utf8))
        }
        section.add("PRIORITY_UPDATE", .head(1)) { [update(1, "u=0, i"), $0.get()] }
        section.add("PRIORITY_UPDATE that cannot be understood", .head(1)) { [update(1, "=\u{1}"), $0.get()] }
        section.add("PRIORITY_UPDATE on stream 1", .connectionError([.protocolError])) { client in
            [client.get(), update(1, "u=0", on: 1)]
        }
        section.add("PRIORITY_UPDATE of stream 0", .connectionError([.protocolError])) { _ in [update(0, "u=0")] }
        section.add("PRIORITY_UPDATE that is too small", .connectionError([.frameSize])) { _ in
            [WireFrame(type: 0x10, payload: [0, 0])]
        }
        section.add("NO_RFC7540_PRIORITIES of 2", .connectionError([.protocolError])) { _ in [.settings((9, 2))] }
    }

    private static let fields = ConformanceSection("beyond/8.2") { section in
        for value in ["a\rb", "a\nb", "a\0b", " a", "a ", "\ta", "a\t", "a\r\nx: y"] {
            section.addFields("the value \(value.debugDescription)") { $0 + [HTTPField("x-test", value)] }
        }
        for name in ["", "a b", "a:b", "a\0", "a\r\nx", "\u{e9}", "a\u{7f}", "a\t", " a", "a(b)"] {
            section.addFields("the name \(name.debugDescription)") { $0 + [HTTPField(name, "x")] }
        }
        for name in ["transfer-encoding", "keep-alive", "proxy-connection", "upgrade"] {
            section.addFields("the field \(name)") { $0 + [HTTPField(name, "chunked")] }
        }
        section.add("TE of trailers", .head(1)) { [$0.get([HTTPField("te", "trailers")])] }
        section.add("an empty value", .head(1)) { [$0.get([HTTPField("x-test", "")])] }
        section.add("cookies in crumbs", .head(1)) { client in
            [client.get([HTTPField("cookie", "a=1"), HTTPField("cookie", "b=2")])]
        }
    }

    private static let requests = ConformanceSection("beyond/8.3") { section in
        for (name, value) in [
            (":path", "x"), (":path", "*"), (":path", "http://a/"), (":method", ""), (":method", "G T"),
        ] {
            section.addFields("\(name) of “\(value)”") { fields in
                fields.map { $0.name == name ? HTTPField(name, value) : $0 }
            }
        }
        section.addFields("two :authority") { $0 + $0.filter { $0.name == ":authority" } }
        section.addFields("CONNECT with a path") { fields in
            fields.map { $0.name == ":method" ? HTTPField(":method", "CONNECT") : $0 }
        }
        for value in ["x", "-1", "+4", "4, 4", "", "99999999999999999999"] {
            section.add("Content-Length of “\(value)”", .streamError([.protocolError])) { client in
                [client.post([HTTPField("content-length", value)]), .data(1, "test")]
            }
        }
        section.add("two Content-Length", .streamError([.protocolError])) { client in
            [client.post([HTTPField("content-length", "4"), HTTPField("content-length", "5")]), .data(1, "test")]
        }
        section.add("Content-Length without content", .streamError([.protocolError])) { client in
            [client.get([HTTPField("content-length", "4")])]
        }
        section.add("less DATA than Content-Length", .streamError([.protocolError])) { client in
            [client.post([HTTPField("content-length", "5")]), .data(1, "test")]
        }
        section.add("the same with trailers", .streamError([.protocolError])) { client in
            let trailers = HPACKWriter.block([HTTPField("x-test", "ok")])
            return [client.post([HTTPField("content-length", "5")]), .data(1, "test", []), .headers(1, trailers)]
        }
    }
}
