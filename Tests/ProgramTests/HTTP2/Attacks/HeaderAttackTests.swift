// Heads that are small on the wire and large in memory, or that never end.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct HeaderAttackTests {
    /// Plays an attack, and sees that it costs others nothing and the proxy little.
    private func run(_ more: String = "", _ attack: (FrameClient, RunningMartlet) throws -> Void) throws {
        let stage = try FrameStage()
        try withMartlet(stage.config(more + "\naccessLog: off")) { martlet in
            let other = try FrameClient.ready(try martlet.frames())
            #expect(try other.get(1, "/before").text == "/before")
            let memory = try martlet.peakMemory()
            try attack(try FrameClient.ready(try martlet.frames()), martlet)
            #expect(try other.get(3, "/after").text == "/after")
            let growth = try martlet.peakMemory() - memory
            // KiB.
            #expect(growth < 16 << 10, "\(growth)")
            #expect(stage.origin.requests.allSatisfy { $0.target.hasPrefix("/") && $0["X-Bomb"] == nil })
            try martlet.waitForMetric("martlet_exchanges_active", 1)
        }
    }

    /// One large entry of the table, and thousands of references to it, a byte each.
    @Test(arguments: ["x-bomb", "cookie"]) func referencesToALargeEntry(name: String) throws {
        try run { client, _ throws in
            let bomb = HPACKWriter.literal(name, String(repeating: "x", count: 3_900), .indexed)
            let references = [UInt8](repeating: HPACKWriter.indexed(62)[0], count: 12_000)
            for round in 0..<20 {
                let stream = UInt32(1 + 4 * round)
                let mark = HPACKWriter.literal("x-mark", "\(round)", .indexed)
                client.send(.headers(stream, client.server.block() + bomb + references + mark))
                #expect(try client.response(on: stream).status == 431)
                // The connection is good, and what came behind the limit is in the table.
                client.send(.headers(stream + 2, client.server.block("GET", "/good") + HPACKWriter.indexed(62)))
                #expect(try client.response(on: stream + 2).text == "/good")
            }
        }
    }

    /// Heads above the limits are answered with 431 or 414, and the connection goes on (RFC 9113 section 10.5.1).
    @Test func headsBeyondTheLimits() throws {
        try run { client, martlet in
            let large = (0..<10).map { HTTPField("x-bomb", String(repeating: "x", count: 4_000) + "\($0)") }
            let block = client.server.block("GET", "/", large)
            client.send(
                .headers(1, Array(block[..<16_000]), .endStream), .continuation(1, block[16_000..<32_000], []),
                .continuation(1, block[32_000...]))
            #expect(try client.response(on: 1).status == 431)
            let many = (0..<101).map { HTTPField("x-bomb", "\($0)") }
            #expect(try client.get(3, "/", many).status == 431)
            #expect(try client.get(5, "/" + String(repeating: "a", count: 9_000)).status == 414)
            #expect(try client.get(7, "/good").text == "/good")
            try martlet.waitForMetric("martlet_errors_total{status=\"431\"}", 2)
            // Content that is on its way to a refused request does no harm either.
            client.send(.open(9, client.server.block("POST", "/", many)), .data(9, "content", []), .data(9, "more"))
            #expect(try client.response(on: 9).status == 431)
            #expect(try client.get(11, "/good").text == "/good")
        }
    }

    @Test func trailersBeyondTheLimits() throws {
        try run { client, _ throws in
            let large = (0..<10).map { HTTPField("x-bomb", String(repeating: "x", count: 3_900) + "\($0)") }
            let block = HPACKWriter.block(large)
            client.send(
                .open(1, client.server.block("POST")), .data(1, "content", []),
                .headers(1, Array(block[..<16_000]), .endStream), .continuation(1, block[16_000..<32_000], []),
                .continuation(1, block[32_000...]))
            let answer = try client.response(on: 1)
            #expect(answer.status == 431 || answer.resetCode != nil)
            #expect(try client.get(3, "/good").text == "/good")
        }
    }

    /// A block that is too large even compressed ends the connection.
    @Test func aBlockWithoutMeasure() throws {
        try run { client, martlet in
            let piece = (0..<4).flatMap { _ in FrameClient.dummy }
            client.send(.headers(1, client.server.block(), .endStream))
            for _ in 0..<30 { client.send(.continuation(1, piece, [])) }
            client.send(.continuation(1, [], .endHeaders))
            try client.expect(.connectionError([.enhanceYourCalm]))
            try martlet.waitForMetric("martlet_http2_faults_total{kind=\"continuations\"}", 1)
        }
    }

    /// Each request throws out all that is in the table.
    @Test func churnOfTheTable() throws {
        try run { client, _ throws in
            for round in 0..<200 {
                let stream = UInt32(1 + 2 * round)
                let churn = (0..<90).flatMap { HPACKWriter.literal("x-\($0)", "\(round)", .indexed) }
                let sizes = HPACKWriter.tableSize(0) + HPACKWriter.tableSize(4_096)
                client.send(.headers(stream, sizes + client.server.block() + churn))
                #expect(try client.response(on: stream).status == 200)
            }
        }
    }

    /// Sizes that change all the time: whether that is a mistake or not, it costs nothing.
    @Test func floodOfTableSizes() throws {
        try run { client, _ throws in
            let sizes = (0..<3_000).flatMap { HPACKWriter.tableSize($0 % 2 == 0 ? 0 : 4_096) }
            for round in 0..<50 where !client.isGone {
                client.send(.headers(UInt32(1 + 2 * round), sizes + client.server.block()))
                try client.takeIn()
            }
            if !client.isGone { _ = try client.next(within: .milliseconds(100)) }
        }
    }

    /// A block that stops in the middle holds nobody up for ever.
    @Test func aBlockThatDoesNotGoOn() throws {
        try run("timeouts: {requestHead: 500ms}") { client, _ in
            client.send(.headers(1, client.server.block(), .endStream))
            try client.expect(.closed, within: .seconds(25))
        }
    }
}
