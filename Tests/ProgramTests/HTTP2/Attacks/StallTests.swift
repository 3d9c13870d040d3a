// Clients that hold on to what they have asked for: windows that stay closed, content that does not come.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct StallTests {
    /// A server that says much, and takes what comes.
    private static func server() throws -> ScriptedServer {
        try ScriptedServer(limit: .seconds(60)) { socket, _ in
            while let head = try socket.readRequestHead() {
                if head.method == "POST" {
                    _ = try socket.readContent(of: head)
                    try socket.send(response(200, "taken"))
                } else if head.target == "/good" {
                    try socket.send(response(200, "good"))
                } else {
                    try socket.send(response(200, String(repeating: "a", count: 1_000_000)))
                }
            }
        }
    }

    private func run(
        _ more: String, _ kind: String, _ attack: (FrameClient) throws -> Void
    ) throws {
        let server = try Self.server()
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address], more)) { martlet in
            let other = try FrameClient.ready(try martlet.frames())
            #expect(try other.get(1, "/good").text == "good")
            let memory = try martlet.peakMemory()
            let client = try FrameClient.ready(try martlet.frames(), [(Setting.initialWindow, 0)])
            try attack(client)
            #expect(try other.get(3, "/good").text == "good")
            try eventually("evicted") {
                try martlet.metrics["martlet_timeouts_total{kind=\"\(kind)\"}", default: 0] >= 1
            }
            try martlet.waitForMetric("martlet_exchanges_active", 1)
            client.close()
            #expect(try martlet.peakMemory() - memory < 64 << 10)
        }
        server.stop()
    }

    /// Takes in what comes within 20 ms.
    private static func pause(_ client: FrameClient) throws {
        let end = ContinuousClock.now + .milliseconds(20)
        while ContinuousClock.now < end, !client.isGone { _ = try client.next(within: end - .now) }
    }

    /// The client never opens its windows: its streams are given up, and what they have taken is free again.
    @Test func windowsThatStayClosed() throws {
        try run("rates: {response: 1KiB, grace: 500ms}", "response_rate") { client in
            client.send((0..<100).map { .headers(UInt32(1 + 2 * $0), client.server.block()) })
            for index in 0..<100 where !client.isGone { _ = try? client.response(on: UInt32(1 + 2 * index)) }
            #expect(client.isGone || client.exchanges[199]?.resetCode != nil)
        }
    }

    /// It opens them a byte at a time.
    @Test func windowsOfAByte() throws {
        try run("rates: {response: 1KiB, grace: 500ms}", "response_rate") { client in
            client.send(.headers(1, client.server.block()))
            let begin = ContinuousClock.now
            while !client.isGone, client.exchanges[1]?.isDone != true, ContinuousClock.now - begin < .seconds(20) {
                client.send(.windowUpdate(1, 1))
                try Self.pause(client)
            }
            #expect(client.isGone || client.exchanges[1]?.resetCode != nil)
        }
    }

    /// Content that was promised and does not come.
    @Test func contentThatStops() throws {
        try run("rates: {request: 1KiB, grace: 500ms}", "request_rate") { client in
            let length = HTTPField("content-length", "1000000")
            client.send(
                (0..<20).flatMap { index in
                    let stream = UInt32(1 + 2 * index)
                    return [
                        WireFrame.open(stream, client.server.block("POST", "/", [length])), .data(stream, "abc", []),
                    ]
                })
            client.send(.settings((Setting.initialWindow, 65_535)))
            for index in 0..<20 where !client.isGone {
                let answer = try? client.response(on: UInt32(1 + 2 * index))
                #expect(answer?.status == 408 || answer?.resetCode != nil || client.isGone)
            }
        }
    }

    /// Content that comes a byte at a time.
    @Test func contentInDrops() throws {
        try run("rates: {request: 1KiB, grace: 500ms}", "request_rate") { client in
            client.send(.settings((Setting.initialWindow, 65_535)), .open(1, client.server.block("POST")))
            let begin = ContinuousClock.now
            while !client.isGone, client.exchanges[1]?.isDone != true, ContinuousClock.now - begin < .seconds(20) {
                client.send(.data(1, "x", []))
                try Self.pause(client)
            }
            #expect(client.isGone || client.exchanges[1]?.status == 408 || client.exchanges[1]?.resetCode != nil)
        }
    }

    /// Content for a server that takes nothing: no more of it is kept than the windows allow.
    @Test func contentThatNobodyTakes() throws {
        let isDone = Monitor(false)
        let server = try ScriptedServer(receiveBuffer: 4_096, limit: .seconds(60)) { socket, _ in
            _ = try socket.readRequestHead()
            _ = isDone.wait(.seconds(60)) { $0 ? true : nil }
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address], "rates: {request: off}")) { martlet in
            let memory = try martlet.peakMemory()
            let clients = try (0..<4).map { _ in try FrameClient.ready(try martlet.frames()) }
            for client in clients {
                let streams = (0..<16).map { UInt32(1 + 2 * $0) }
                client.send(streams.map { .open($0, client.server.block("POST")) })
                // Ends when no window opens any more.
                #expect(throws: TestFailure.self) {
                    try FrameSender(client, patience: .milliseconds(500)).send(100_000_000, on: streams)
                }
                #expect(!client.isGone)
            }
            // KiB; 1 MiB for each connection is what may be on the way, and buffers hold a little more than that.
            let growth = try martlet.peakMemory() - memory
            #expect(growth < 24 << 10, "\(growth)")
            isDone.change { $0 = true }
        }
    }

    /// More requests than may go on at a time are refused, and can be sent again (RFC 9113 section 8.7).
    @Test func moreStreamsThanAllowed() throws {
        let server = try Self.server()
        let stage = try FrameStage()
        let config = stage.config(to: [server.address])
            .replacing("name: clear\n", with: "name: clear\n    http2: {maxStreams: 10}\n")
        try withMartlet(config) { martlet in
            let client = try FrameClient.ready(try martlet.frames(), [(Setting.initialWindow, 0)])
            #expect(client.settings[Setting.maxStreams] == 10)
            client.send((0..<15).map { .headers(UInt32(1 + 2 * $0), client.server.block("GET", "/good")) })
            for index in 10..<15 {
                #expect(try client.response(on: UInt32(1 + 2 * index)).resetCode == .refusedStream)
            }
            try martlet.waitForMetric("martlet_http2_streams_refused_total", 5)
            client.send(.settings((Setting.initialWindow, 65_535)))
            for index in 0..<10 { #expect(try client.response(on: UInt32(1 + 2 * index)).text == "good") }
            #expect(try client.get(31, "/good").text == "good")
        }
        server.stop()
    }
}
