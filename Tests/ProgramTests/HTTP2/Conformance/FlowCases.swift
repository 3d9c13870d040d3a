// Windows: h2spec's sections 6.9 to 6.9.2.
import MartletTestSupport

extension ConformanceGroup {
    static let flow = ConformanceGroup("http2/6.9", [updates, windows, initial])

    private static let updates = ConformanceSection("http2/6.9") { section in
        section.add("WINDOW_UPDATE of 0", .connectionError([.protocolError])) { _ in [.windowUpdate(0, 0)] }
        section.add("WINDOW_UPDATE of 0 on a stream", .streamError([.protocolError])) { client in
            [.open(1, client.server.block()), .windowUpdate(1, 0)]
        }
        section.add("WINDOW_UPDATE of a wrong size", .connectionError([.frameSize])) { _ in
            [WireFrame(.windowUpdate, [], 0, [0, 0, 1])]
        }
    }

    private static let windows = ConformanceSection("http2/6.9.1") { section in
        section.play("a window of 1") { client in
            client.send(.settings((Setting.initialWindow, 1)))
            try client.expect(.settingsAnswer)
            client.send(client.get())
            try client.expect(.data(1, 1))
        }
        let most: UInt32 = 0x7fff_ffff
        section.add("the connection's window above the maximum", .goAway(.flowControl)) { _ in
            [.windowUpdate(0, most), .windowUpdate(0, most)]
        }
        section.add("a stream's window above the maximum", .reset(1, .flowControl)) { client in
            [.open(1, client.server.block()), .windowUpdate(1, most), .windowUpdate(1, most)]
        }
    }

    private static let initial = ConformanceSection("http2/6.9.2") { section in
        section.play("a change of the initial window changes windows") { client in
            client.send(.settings((Setting.initialWindow, 0)))
            try client.expect(.settingsAnswer)
            client.send(client.get(), .settings((Setting.initialWindow, 1)))
            try client.expect(.data(1, 1))
        }
        section.play("a window below zero") { client in
            client.send(.settings((Setting.initialWindow, 3)))
            try client.expect(.settingsAnswer)
            client.send(client.get())
            try client.expect(.data(1, nil))
            client.send(.settings((Setting.initialWindow, 2)))
            try client.expect(.settingsAnswer)
            client.send(.windowUpdate(1, 2))
            try client.expect(.data(1, 1))
        }
        section.add("an initial window of 2^31", .connectionError([.flowControl])) { _ in
            [.settings((Setting.initialWindow, 1 << 31))]
        }
    }
}
