// Requests that wait for an answer from outside of the loop.
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct AdminTests {
    private let desk = AdminDesk()

    private func start(_ change: (inout ProxySetup) -> Void = { _ in }) throws -> TestProxy {
        try TestProxy(
            ProxySetup.withoutServers.with {
                $0.admin = desk
                change(&$0)
            })
    }

    @Test func theLoopGoesOnWhileARequestWaits() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin()
        try client.send("PUT /a/b?c=d HTTP/1.1\r\nHost: test\r\n\r\n")
        let request = try desk.request(0)
        #expect(request.method == "PUT" && request.path == "/a/b" && request.query == "c=d")
        // Clients and other operators are served meanwhile.
        #expect(try proxy.answer().status == 503)
        try proxy.wait(for: .exchangesActive, 1)
        try desk.answer(0, .text("done"))
        let answer = try client.readResponse()
        #expect(answer.status == 200 && answer.text == "done" && answer["Content-Type"] == "text/plain")
        #expect(answer["Cache-Control"] == "no-store" && answer["Date"] != nil && answer["Connection"] == nil)
        client.close()
        let lines = try proxy.end()
        #expect(lines.map(\.status) == [503, 200] && lines[1].error == nil)
    }

    @Test func answersGoToTheirOwnRequests() throws {
        let proxy = try start()
        let clients = try (0..<5).map { number in
            let client = try proxy.connectToAdmin()
            try client.send(Requests.get)
            try desk.request(number)
            return client
        }
        for number in [3, 0, 4, 1, 2] { try desk.answer(number, .text("\(number)")) }
        for (number, client) in clients.enumerated() {
            #expect(try client.readResponse().text == "\(number)")
            client.close()
        }
        try proxy.end()
    }

    @Test func pipelinedRequestsWaitForEachOther() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin()
        try client.send(Requests.get + Requests.last)
        for number in 0..<2 {
            try desk.answer(number, .text("\(number)"))
            let answer = try client.readResponse()
            #expect(answer.text == "\(number)" && answer["Connection"] == (number == 1 ? "close" : nil))
        }
        #expect(try client.receiveUntilGone() == ([], .end))
        client.close()
        try proxy.end()
    }

    @Test func aHeadRequestGetsTheLengthOnly() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin()
        try client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n" + Requests.get)
        try desk.answer(0, .text("four"))
        let answer = try client.readResponse(to: "HEAD")
        #expect(answer["Content-Length"] == "4")
        try desk.answer(1, LocalAnswer(status: 405, contentType: "text/plain", content: [], allow: "GET"))
        let other = try client.readResponse()
        #expect(other.status == 405 && other["Allow"] == "GET")
        client.close()
        try proxy.end()
    }

    /// Nobody reads the content of a request to us: the connection ends with the answer.
    @Test func unreadContentEndsTheConnection() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin()
        try client.send(Requests.post(length: 100_000) + "abc")
        try desk.request(0)
        try client.send([UInt8](repeating: 0x78, count: 50_000))
        try desk.answer(0, .text("no, thanks"))
        let answer = try client.readResponse()
        #expect(answer.text == "no, thanks" && answer["Connection"] == "close")
        #expect(try client.receiveUntilGone() == ([], .end))
        client.close()
        try proxy.end()
    }

    // MARK: Too late

    @Test func theAnswerForAClientThatIsGoneIsDropped() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin()
        try client.send(Requests.get)
        try desk.request(0)
        client.reset()
        try proxy.wait(for: .exchangesActive, 0)
        // The next exchange has the same place, and must not get the answer to the one before.
        let other = try proxy.connectToAdmin()
        try other.send(Requests.get)
        try desk.request(1)
        try desk.answer(0, .text("late"))
        try desk.answer(1, .text("right"))
        #expect(try other.readResponse().text == "right")
        other.close()
        let lines = try proxy.end()
        #expect(lines.map(\.status) == [499, 200] && lines[0].error == "client gone")
    }

    @Test func theAnswerAfterAFailureIsDropped() throws {
        let proxy = try start { $0.settings.exchangeTime = 50 }
        let client = try proxy.connectToAdmin()
        try client.send(Requests.get)
        try desk.request(0)
        #expect(try client.readResponse().status == 504)
        try desk.answer(0, .text("late"))
        try client.send(Requests.get)
        try desk.answer(1, .text("right"))
        #expect(try client.readResponse().text == "right")
        client.close()
        let lines = try proxy.end()
        #expect(lines.map(\.status) == [504, 200])
    }

    @Test func aSecondAnswerIsDropped() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin()
        for number in 0..<3 {
            try client.send(Requests.get)
            try desk.answer(number, .text("\(number)"))
            #expect(try client.readResponse().text == "\(number)")
            try desk.answer(number, .text("again"))
        }
        client.close()
        #expect(try proxy.end().count == 3)
    }

    // MARK: Size

    /// A slow reader costs a buffer or two, however large the answer is.
    @Test func aLargeAnswerTakesLittleMemory() throws {
        let content = pattern(8 << 20, seed: 8)
        let proxy = try start()
        let client = try proxy.connectToAdmin(receiveBuffer: 4_096)
        try client.send(Requests.get)
        try desk.answer(0, LocalAnswer(status: 200, contentType: "x/y", content: content))
        try proxy.wait("the kernel to take no more") { $0.bufferBytes > BufferPool.smallBytes }
        #expect(try client.readResponse().content == content)
        client.close()
        let line = try #require(try proxy.end().first)
        #expect(line.bytes > content.count && line.error == nil)
        #expect(proxy.state.mostBufferBytes <= 4 * BufferPool.defaultLargeBytes)
    }

    @Test func aReaderThatGoesAwayInTheMiddleLeavesNothing() throws {
        let proxy = try start()
        let client = try proxy.connectToAdmin(receiveBuffer: 4_096)
        try client.send(Requests.get)
        let content = [UInt8](repeating: 0x78, count: 8 << 20)
        try desk.answer(0, LocalAnswer(status: 200, contentType: "x/y", content: content))
        _ = try client.receive(exactly: 100_000)
        client.reset()
        try proxy.end(failed: ExpectedFailure(.clientGone, .sendingResponse, told: 200))
    }

    /// Whoever operates the proxy gets in when it is full.
    @Test func operatorsAreNotCounted() throws {
        let proxy = try start { $0.settings.connections = 1 }
        let held = try proxy.connect()
        try proxy.wait(for: .connectionsActive, 1)
        #expect(try proxy.answer().status == 503)
        let client = try proxy.connectToAdmin()
        try client.send(Requests.get)
        try desk.answer(0, .text("in"))
        #expect(try client.readResponse().text == "in")
        client.close()
        held.close()
        try proxy.end()
    }
}
