// What every server of HTTP/2 does with what every client says: h2spec's group "generic".
import MartletTestSupport

extension ConformanceGroup {
    static let generic = ConformanceGroup(
        "generic",
        [start, states, data, headers, priority] + control + [continuation, exchanges, representations])

    private static let start = ConformanceSection("generic/1") { section in
        section.raw("the first frame is SETTINGS") { client in
            client.send(FrameClient.preface + WireFrame.settings((Setting.initialWindow, 65_535)).bytes)
            try client.expect(.settingsFirst)
        }
    }

    private static let states = ConformanceSection("generic/2") { section in
        section.add("PRIORITY on an idle stream", .pingAnswer("")) { _ in [.priority(1), .ping("")] }
        section.add("WINDOW_UPDATE on a half-closed stream", .data(1, nil)) { client in
            [.settings((Setting.initialWindow, 0)), client.get(), .windowUpdate(1, 1)]
        }
        section.add("PRIORITY on a half-closed stream", .data(1, nil)) { client in
            [.settings((Setting.initialWindow, 0)), client.get(), .priority(1), .windowUpdate(1, 1)]
        }
        section.add("RST_STREAM on a half-closed stream", .pingAnswerOrEnd("")) { client in
            [client.get(), .reset(1), .ping("")]
        }
        section.play("PRIORITY on a closed stream") { client in
            client.send(client.get())
            try client.expect(.streamEnd(1))
            client.send(.priority(1), .ping(""))
            try client.expect(.pingAnswer(""))
        }
    }

    private static let data = ConformanceSection("generic/3.1") { section in
        section.add("DATA", .head(1)) { [$0.post(), .data(1, "test")] }
        section.add("several DATA", .head(1)) { [$0.post(), .data(1, "test", []), .data(1, "test")] }
        section.add("DATA with padding", .head(1)) { client in
            [client.post(), .data(1, "\u{6}test\0\0\0\0\0\0", [.endStream, .padded])]
        }
    }

    private static let headers = ConformanceSection("generic/3.2") { section in
        section.add("HEADERS", .head(1)) { [$0.get()] }
        section.add("HEADERS with padding", .head(1)) { client in
            let padded = [8] + client.server.block() + [UInt8](repeating: 0, count: 8)
            return [.headers(1, padded, [.endStream, .endHeaders, .padded])]
        }
        section.add("HEADERS with a priority", .head(1)) { client in
            [.headers(1, WireFrame.priority(1).payload + client.server.block(), [.endStream, .endHeaders, .priority])]
        }
    }

    private static let priority = ConformanceSection("generic/3.3") { section in
        section.add("PRIORITY 1", .head(1)) { [.priority(1, weight: 0), $0.get()] }
        section.add("PRIORITY 256", .head(1)) { [.priority(1), $0.get()] }
        section.add("PRIORITY with a dependency", .head(1)) { [.priority(3, on: 1, weight: 0), $0.get()] }
        section.add("PRIORITY, exclusive", .head(1)) { [.priority(1, on: 1 << 31, weight: 0), $0.get()] }
        section.add("PRIORITY of a later stream", .head(1)) { [.priority(3), $0.get()] }
    }

    private static let control = [
        ConformanceSection("generic/3.4") { section in
            section.add("RST_STREAM", .pingAnswerOrEnd("")) { [.open(1, $0.server.block()), .reset(1), .ping("")] }
        },
        ConformanceSection("generic/3.5") { section in
            section.add("SETTINGS", .settingsAnswer) { _ in
                [.settings((1, 4_096), (2, 1), (3, 100), (4, 65_535), (5, 16_384), (6, 100))]
            }
        },
        ConformanceSection("generic/3.7") { section in
            section.add("PING", .pingAnswer("h2spec")) { _ in [.ping("h2spec")] }
        },
        ConformanceSection("generic/3.8") { section in
            section.add("GOAWAY", .pingAnswerOrEnd("h2spec")) { _ in
                [.goAway(last: 0, .noError, "h2spec"), .ping("h2spec")]
            }
        },
        ConformanceSection("generic/3.9") { section in
            section.add("WINDOW_UPDATE of the connection", .pingAnswer("")) { _ in [.windowUpdate(0, 1), .ping("")] }
            section.add("WINDOW_UPDATE of a stream", .head(1)) { [$0.get(), .windowUpdate(1, 1)] }
        },
    ]

    private static let continuation = ConformanceSection("generic/3.10") { section in
        section.add("CONTINUATION", .head(1)) { client in
            let block = client.server.block()
            return [.headers(1, Array(block[..<5]), .endStream), .continuation(1, block[5...])]
        }
        section.add("several CONTINUATION", .head(1)) { client in
            let block = client.server.block()
            return [
                .headers(1, Array(block[..<5]), .endStream), .continuation(1, block[5..<10], []),
                .continuation(1, block[10...]),
            ]
        }
    }

    private static let exchanges = ConformanceSection("generic/4") { section in
        section.add("GET", .head(1)) { [$0.get()] }
        section.add("HEAD", .head(1)) { [.headers(1, $0.server.block("HEAD"))] }
        section.add("POST", .head(1)) { [$0.post(), .data(1, "test")] }
        section.add("POST with trailers", .head(1)) { client in
            let trailers = HPACKWriter.block([HTTPField("x-test", "ok")])
            return [
                client.post([HTTPField("trailer", "x-test")]), .data(1, "test", []), .headers(1, trailers),
            ]
        }
    }

    /// "user-agent", "x-test" and "h2spec" in the Huffman code.
    private static let agent: [UInt8] = [0x87, 0xb5, 0x05, 0xb1, 0x61, 0xcc, 0x5a, 0x93]
    private static let test: [UInt8] = [0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff]
    private static let value: [UInt8] = [0x84, 0x9c, 0x48, 0xac, 0xa4]

    private static let representations = ConformanceSection("generic/5") { section in
        func add(_ title: String, behind more: [UInt8]) {
            section.add(title, .head(1)) { [.headers(1, $0.server.block() + more)] }
        }
        func add(_ title: String, before more: [UInt8]) {
            section.add(title, .head(1)) { [.headers(1, more + $0.server.block())] }
        }
        add("an indexed field", behind: HPACKWriter.indexed(58))
        for kind in [HPACKWriter.Literal.indexed, .plain, .neverIndexed] {
            add("a literal with an indexed name, \(kind)", behind: HPACKWriter.literal(nameOf: 58, "h2spec", kind))
            add("the same with Huffman, \(kind)", behind: [kind.rawValue] + agent + value)
            add("a literal with a new name, \(kind)", behind: HPACKWriter.literal("x-test", "h2spec", kind))
            add("the same with Huffman, \(kind)", behind: [kind.rawValue] + test + value)
        }
        add("a table size update", before: HPACKWriter.tableSize(0))
        add("two table size updates", before: HPACKWriter.tableSize(0) + HPACKWriter.tableSize(4_096))
    }
}
