// 64 MiB in both directions, while the proxy holds little of it.
import MartletTestSupport
import Testing

@Suite(.serialized) struct BigContentTests {
    /// Far below the content's size; what a proxy needs anyway is in it.
    private static let memoryLimit = 64 << 10

    private static let framings = [
        "Content-Length: \(BigContent.bytes)", "Transfer-Encoding: chunked",
    ]

    private static func checkMemory(_ martlet: RunningMartlet) throws {
        let peak = try martlet.peakMemory()
        #expect(peak < memoryLimit, "\(peak) KiB")
    }

    @Test(arguments: framings, [BigContent.blockBytes, 3_000])
    func upload(framing: String, piece: Int) throws {
        let server = try ScriptedServer { socket, _ in
            guard let head = try socket.readRequestHead() else { return }
            try socket.receiveBigContent(of: head)
            try socket.send(response(200, "all is well"))
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("POST /", [framing]))
            try client.sendBigContent(chunked: framing.hasSuffix("chunked"), piece: piece)
            #expect(try client.readResponse().text == "all is well", "\(server.failures)")
            try Self.checkMemory(martlet)
        }
    }

    @Test(arguments: framings, [BigContent.blockBytes, 3_000])
    func download(framing: String, piece: Int) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n")
            try socket.sendBigContent(chunked: framing.hasSuffix("chunked"), piece: piece)
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect(receiveBuffer: piece < 4_096 ? 4_096 : nil)
            try client.send(requestText("GET /"))
            try client.receiveBigContent(of: client.readResponseHead(), piece: piece)
            try Self.checkMemory(martlet)
        }
    }

    /// A client that does not read at all holds the server back, and then gets everything all the same.
    @Test func aReaderThatStopsHoldsTheServerBack() throws {
        let stalled = Monitor<Int?>(nil)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\n\r\n")
            let count = try socket.fill(atMost: BigContent.bytes, quiet: .milliseconds(200))
            stalled.change { $0 = count }
            try socket.sendBigContent(chunked: false)
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect(receiveBuffer: 65_536)
            try client.send(requestText("GET /"))
            let count = try #require(stalled.wait { $0 })
            #expect(count < BigContent.bytes / 2, "the kernel's buffers hold this much: the proxy has read on")
            #expect(try client.readResponseHead().status == 200)
            try Self.checkFilled(count, client)
            try Self.checkMemory(martlet)
        }
    }

    /// First `count` times "x", then the big content, in chunks.
    private static func checkFilled(_ count: Int, _ client: TestSocket) throws {
        var filled = 0
        var check = BigContentCheck()
        try client.receiveChunks { chunk in
            let filling = min(chunk.count, count - filled)
            filled += filling
            try check.take(Array(chunk.dropFirst(filling)))
        }
        #expect(filled == count && check.position == BigContent.bytes)
    }

    /// A server that does not read holds the client back.
    @Test func aServerThatStopsReadingHoldsTheClientBack() throws {
        let mayRead = Monitor(0)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            _ = mayRead.wait { $0 > 0 ? true : nil }
            _ = try socket.receive(exactly: mayRead.value)
            var check = BigContentCheck()
            while check.position < BigContent.bytes { try check.take(socket.receive(exactly: BigContent.blockBytes)) }
            try socket.send(response(200, "all is well"))
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            // The length is not known before the server stops; what is announced is read to its end by nobody.
            try client.send(requestText("POST /", ["Content-Length: 1000000000"]))
            let count = try client.fill(atMost: BigContent.bytes, quiet: .milliseconds(200))
            #expect(count < BigContent.bytes / 2, "the kernel's buffers hold this much: the proxy has read on")
            mayRead.change { $0 = count }
            try client.sendBigContent(chunked: false)
            #expect(try client.readResponse().text == "all is well", "\(server.failures)")
            try Self.checkMemory(martlet)
        }
    }
}
