// Requests with content that comes in pieces, sent again from memory or from a file.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ReplayTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let bytes: Int
        let memory: Int
        let file: Int
        let isChunked: Bool
        var testDescription: String { "\(bytes) \(memory) \(file) \(isChunked)" }

        init(_ bytes: Int, memory: Int, file: Int = 0, isChunked: Bool = false) {
            self.bytes = bytes
            self.memory = memory
            self.file = file
            self.isChunked = isChunked
        }

        /// The request's head, and the pieces of its content with whatever frames them.
        var pieces: (head: String, content: [[UInt8]]) {
            let content = pattern(bytes, seed: 5)
            let size = max(1, bytes / 3)
            let parts = stride(from: 0, to: bytes, by: size).map { Array(content[$0..<min($0 + size, bytes)]) }
            if !isChunked { return (Requests.put(length: bytes), parts) }
            let framed = parts.map { Array("\(String($0.count, radix: 16))\r\n".utf8) + $0 + Array("\r\n".utf8) }
            return (
                "PUT / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n",
                framed + [Array("0\r\nX-Sum: 7\r\n\r\n".utf8)]
            )
        }
    }

    private static let large = 3 << 20

    private func setup(_ servers: ScriptedServer..., row: Row) -> ProxySetup {
        ProxySetup(servers.map { ServerModel($0) }).inOrder.with {
            $0.upstream.retry.bodyMemory = row.memory
            $0.upstream.retry.bodyFile = row.file
        }
    }

    /// Sends a request's pieces, each when the one before has reached the server.
    private func send(_ row: Row, on client: TestSocket, _ proxy: TestProxy, after gate: Gate? = nil) throws {
        try client.send(row.pieces.head)
        for (place, piece) in row.pieces.content.enumerated() {
            if place == 1 { try gate?.wait() }
            let before = proxy.metrics.read(.downstreamBytesIn)
            try client.send(piece)
            try proxy.wait("a piece") { _ in proxy.metrics.read(.downstreamBytesIn) > before }
        }
    }

    private func expect(_ request: HTTPRequest?, _ row: Row) {
        #expect(request?.content == pattern(row.bytes, seed: 5))
        #expect(request?.trailers == (row.isChunked ? [HTTPField("X-Sum", "7")] : []))
    }

    /// The first server reads the whole request and goes away.
    @Test(arguments: [
        Row(3_000, memory: 64 << 10), Row(60_000, memory: 64 << 10), Row(60_000, memory: 64 << 10, isChunked: true),
        Row(60_000, memory: 0, file: 1 << 20), Row(60_000, memory: 30_000, file: 1 << 20),
        Row(60_000, memory: 30_000, file: 1 << 20, isChunked: true), Row(large, memory: 64 << 10, file: 8 << 20),
        Row(large, memory: 64 << 10, file: 8 << 20, isChunked: true), Row(large, memory: 8 << 20),
    ])
    func theWholeRequestIsSentAgain(row: Row) throws {
        let received = Received()
        let first = try ScriptedServer { socket, _ in
            if let request = try socket.readRequest() { received.append(request) }
        }
        let second = try ScriptedServer.noting(received)
        let proxy = try TestProxy(setup(first, second, row: row))
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        #expect(try client.readResponse().text == "ok")
        client.close()
        let lines = try proxy.end(first, second)
        #expect(lines.map(\.error) == [nil] && received.requests.count == 2)
        for request in received.requests { expect(request, row) }
        #expect(proxy.metrics.read(.retries) == 1 && proxy.metrics.read(.replaysTooLarge) == 0)
    }

    /// The first server goes away in the middle; the rest comes when the second one has the beginning.
    @Test(arguments: [
        Row(60_000, memory: 64 << 10), Row(60_000, memory: 64 << 10, isChunked: true),
        Row(large, memory: 64 << 10, file: 8 << 20), Row(300_000, memory: 64 << 10, file: 8 << 20, isChunked: true),
    ])
    func whatComesMeanwhileFollows(row: Row) throws {
        let (hasBegun, received) = (Gate(), Received())
        let first = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            _ = try socket.receive(exactly: 1_000)
            socket.reset()
        }
        let second = try ScriptedServer { socket, _ in
            guard let head = try socket.readRequestHead() else { return }
            #expect(head.method == "PUT")
            hasBegun.open()
            if row.isChunked {
                _ = try socket.receive(until: "X-Sum: 7\r\n\r\n")
            } else {
                #expect(try socket.receive(exactly: row.bytes) == pattern(row.bytes, seed: 5))
            }
            received.append(head)
            try socket.send(Responses.closing)
        }
        let proxy = try TestProxy(setup(first, second, row: row))
        let client = try proxy.connect()
        try send(row, on: client, proxy, after: hasBegun)
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(first, second)
        #expect(received.requests.count == 1 && second.failures.isEmpty)
    }

    /// More than may be kept is passed on unharmed, and not sent again.
    @Test(arguments: [
        Row(large, memory: 64 << 10), Row(large, memory: 64 << 10, file: 1 << 20),
        Row(60_000, memory: 0), Row(large, memory: 0), Row(60_000, memory: 1_000, file: 10_000, isChunked: true),
    ])
    func whatIsTooLargeIsPassedOnOnce(row: Row) throws {
        let received = Received()
        let server = try ScriptedServer { socket, number in
            guard let request = try socket.readRequest() else { return }
            received.append(request)
            if number == 0 { try socket.send(Responses.closing) }
        }
        let proxy = try TestProxy(setup(server, row: row))
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        #expect(try client.readResponse().text == "ok")
        client.close()
        let other = try proxy.connect()
        try send(row, on: other, proxy)
        #expect(try other.readResponse().status == 502)
        other.close()
        try proxy.end(server)
        #expect(received.requests.count == 2)
        for request in received.requests { expect(request, row) }
        #expect(proxy.metrics.read(.retries) == 0)
        #expect(proxy.metrics.read(.replaysTooLarge) == 2)
    }

    /// All loops together put only so many bytes into files.
    @Test func filesHaveALimitInAll() throws {
        let row = Row(60_000, memory: 1, file: 1 << 20)
        let server = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        let proxy = try TestProxy(setup(server, row: row).with { $0.settings.replayFileBytes = 30_000 })
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        #expect(try client.readResponse().status == 502)
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.replaysTooLarge) == 1 && proxy.metrics.read(.retries) == 0)
    }

    /// A server that has closed an idle connection has most likely not seen the request: that is nobody's failure.
    @Test func aStaleConnectionIsNoFailure() throws {
        let received = Received()
        let row = Row(60_000, memory: 64 << 10)
        let server = try ScriptedServer { socket, number in
            if let request = try socket.readRequest() { received.append(request) }
            try socket.send(Responses.ok)
            guard let request = try socket.readRequest() else { return }
            received.append(request)
        }
        let proxy = try TestProxy(setup(server, row: row))
        #expect(try proxy.answer().text == "ok")
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(server)
        #expect(received.requests.count == 3 && proxy.metrics.read(.upstreamResent) == 1)
        #expect(proxy.balance.loads.outcomes(0).failures == 0)
        expect(received.requests.last, row)
    }

    /// A server that answers early still gets the whole of a request that is sent anew, and the next request of the
    /// connection is not taken for a part of it.
    @Test func anEarlyAnswerDoesNotCutTheRequest() throws {
        // More than the kernel takes at once.
        let row = Row(8 << 20, memory: 64 << 10, file: 16 << 20)
        let (hasAnswered, received) = (Gate(), Received())
        let first = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        let second = try ScriptedServer(receiveBuffer: 128 << 10) { socket, number in
            if number > 0 {
                if let request = try socket.readRequest() { received.append(request) }
                return try socket.send(Responses.closing)
            }
            guard let head = try socket.readRequestHead() else { return }
            // The response is not complete before the request is.
            try socket.send(Responses.head(length: 2) + "o")
            hasAnswered.open()
            let content = try socket.receive(exactly: row.bytes)
            received.append(head)
            try socket.send("k")
            // So much takes its time, in which the client would wait.
            #expect(content == pattern(row.bytes, seed: 5))
            while let request = try socket.readRequest() {
                received.append(request)
                try socket.send(Responses.ok)
            }
        }
        let proxy = try TestProxy(setup(first, second, row: row))
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        try hasAnswered.wait()
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.tell(.roster(upstream: 0, setup(first, second, row: row).roster([1])))
        #expect(try proxy.answer().text == "ok")
        try proxy.end(first, second)
        #expect(received.requests.map(\.method) == ["PUT", "GET"] && second.failures.isEmpty)
    }

    /// A response that is complete before the request is: the connection is of no further use.
    @Test func aConnectionWithHalfARequestIsNotUsedAgain() throws {
        let row = Row(8 << 20, memory: 64 << 10, file: 16 << 20)
        let isDone = Gate()
        let first = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        let second = try ScriptedServer(receiveBuffer: 8 << 10) { socket, number in
            if number > 0 {
                _ = try socket.readRequest()
                return try socket.send(Responses.named("new", "Connection: close"))
            }
            _ = try socket.readRequestHead()
            try socket.send(Responses.named("early", status: 413))
            try isDone.wait()
        }
        let proxy = try TestProxy(setup(first, second, row: row))
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        #expect(try client.readResponse().status == 413)
        client.close()
        try proxy.wait("the connection to be closed") { _ in proxy.metrics.read(.upstreamConnectionsActive) == 0 }
        isDone.open()
        try proxy.tell(.roster(upstream: 0, setup(first, second, row: row).roster([1])))
        #expect(try proxy.answer().text == "new")
        try proxy.end(first, second)
    }

    /// While memory is short none is taken for what may never be needed.
    @Test func memoryIsForThoseWhoCome() throws {
        let row = Row(20_000, memory: 64 << 10)
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(setup(server, row: row).with { $0.settings.bufferBytes = 256 << 10 })
        // Heads that are not complete hold more than half of it.
        let begin = "GET / HTTP/1.1\r\nHost: test\r\nA: " + String(repeating: "x", count: 13_000)
        let holders = try (1...10).map { count in
            let holder = try proxy.asking(begin)
            try proxy.wait("a head to be kept") { $0.bufferBytes >= count * (16 << 10) }
            return holder
        }
        let client = try proxy.connect()
        try send(row, on: client, proxy)
        #expect(try client.readResponse().text == "ok")
        for holder in holders { holder.reset() }
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.replaysTooLarge) == 1)
    }
}
