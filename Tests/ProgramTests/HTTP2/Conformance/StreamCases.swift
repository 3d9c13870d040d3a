// States and numbers of streams: h2spec's sections 5.1 to 5.3.1.
import MartletTestSupport

extension ConformanceGroup {
    static let streams = ConformanceGroup(
        "http2/5", [idle, numbers, concurrency, dependencies])

    private static let idle = ConformanceSection("http2/5.1") { section in
        section.add("idle: DATA", .connectionError([.protocolError])) { _ in [.data(1, "test")] }
        section.add("idle: RST_STREAM", .connectionError([.protocolError])) { _ in [.reset(1)] }
        section.add("idle: WINDOW_UPDATE", .connectionError([.protocolError])) { _ in [.windowUpdate(1, 100)] }
        section.add("idle: CONTINUATION", .connectionError([.protocolError])) { client in
            [.continuation(1, client.server.block())]
        }
        addHalfClosed(&section)
        addReset(&section)
        addClosed(&section)
    }

    private static func addHalfClosed(_ section: inout ConformanceSection) {
        section.add("half-closed: DATA", .streamError([.streamClosed])) { [$0.get(), .data(1, "test")] }
        section.add("half-closed: HEADERS", .streamError([.streamClosed])) { [$0.get(), $0.get()] }
        section.add("half-closed: CONTINUATION", .streamError([.streamClosed, .protocolError])) { client in
            [client.get(), .continuation(1, client.server.block())]
        }
    }

    private static func addReset(_ section: inout ConformanceSection) {
        section.add("reset: DATA", .streamError([.streamClosed])) { client in
            [.open(1, client.server.block()), .reset(1), .data(1, "test")]
        }
        section.add("reset: HEADERS", .streamError([.streamClosed])) { client in
            [.open(1, client.server.block()), .reset(1), client.get()]
        }
        section.add("reset: CONTINUATION", .streamError([.streamClosed, .protocolError])) { client in
            [.open(1, client.server.block()), .reset(1), .continuation(1, FrameClient.dummy)]
        }
    }

    private static func addClosed(_ section: inout ConformanceSection) {
        func add(
            _ title: String, _ expectation: Expectation, _ frame: @escaping @Sendable (FrameClient) -> WireFrame
        ) {
            section.play("closed: \(title)") { client in
                client.send(client.get())
                try client.expect(.streamEnd(1))
                client.send(frame(client))
                try client.expect(expectation)
            }
        }
        add("DATA", .streamError([.streamClosed])) { _ in .data(1, "test") }
        add("HEADERS", .connectionError([.streamClosed])) { $0.get() }
        add("CONTINUATION", .connectionError([.streamClosed, .protocolError])) { _ in
            .continuation(1, FrameClient.dummy)
        }
    }

    private static let numbers = ConformanceSection("http2/5.1.1") { section in
        section.add("an even number", .connectionError([.protocolError])) { [.headers(2, $0.server.block())] }
        section.add("a number below the one before", .connectionError([.protocolError])) { client in
            [.headers(5, client.server.block()), .headers(3, client.server.block())]
        }
        section.add("the same number again", .streamError([.streamClosed])) { client in
            [.headers(5, client.server.block()), .headers(5, client.server.block())]
        }
    }

    private static let concurrency = ConformanceSection("http2/5.1.2") { section in
        section.add("a stream more than allowed", .streamError([.protocolError, .refusedStream])) { client in
            let block = client.server.block()
            let count = client.settings[Setting.maxStreams] ?? 0
            // The streams stay: their content may not come.
            let requests = (0...count).map { WireFrame.headers(1 + 2 * $0, block) }
            return [.settings((Setting.initialWindow, 0))] + requests
        }
    }

    private static let dependencies = ConformanceSection("http2/5.3.1") { section in
        section.add("HEADERS of a stream that depends on itself", .streamError([.protocolError])) { client in
            let priority = WireFrame.priority(1, on: 1).payload
            return [.headers(1, priority + client.server.block(), [.endStream, .endHeaders, .priority])]
        }
        section.add("PRIORITY of such a stream", .streamError([.protocolError])) { _ in [.priority(1, on: 1)] }
    }
}
