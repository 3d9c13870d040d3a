// Responses that go on and on: server-sent events and long polling are passed on as they come, never gathered.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct EventStreamTests {
    /// How a server frames what has no length.
    enum Framing: CaseIterable {
        case chunked, untilClose

        var field: String { self == .chunked ? "Transfer-Encoding: chunked" : "Connection: close" }

        func piece(_ text: String) -> String {
            self == .chunked ? "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" : text
        }

        var end: String { self == .chunked ? "0\r\n\r\n" : "" }
    }

    /// The next event is sent when the client has the one before: whoever gathers them waits for ever.
    @Test(arguments: [false, true], Framing.allCases)
    func eachEventComesAtOnce(secure: Bool, framing: Framing) throws {
        let seen = Monitor(-1)
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            #expect(request["Accept"] == "text/event-stream" && request["Last-Event-ID"] == "7")
            try socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\(framing.field)\r\n\r\n")
            for number in 0..<20 {
                guard seen.wait(for: { $0 == number - 1 ? true : nil }) == true else { return }
                try socket.send(framing.piece("data: \(number)\n\n"))
            }
            guard seen.wait(for: { $0 == 19 ? true : nil }) == true else { return }
            try socket.send(framing.end)
        }
        try withProxy(secure: secure, to: server) { martlet throws in
            let client = try martlet.connect()
            try client.send(requestText("GET /events", ["Accept: text/event-stream", "Last-Event-ID: 7"]))
            let head = try client.receive(until: "\r\n\r\n")
            #expect(head.contains("Transfer-Encoding: chunked\r\n") && head.contains("text/event-stream"))
            for number in 0..<20 {
                let event = try client.receive(until: "\n\n\r\n")
                #expect(event.hasSuffix("\r\ndata: \(number)\n\n\r\n"))
                seen.change { $0 = number }
            }
            #expect(try client.receive(until: "0\r\n\r\n") == "0\r\n\r\n")
            client.close()
        }
        #expect(server.failures == [])
    }

    /// The head comes before there is any content, however long that takes.
    @Test(arguments: [false, true])
    func theHeadComesAtOnce(secure: Bool) throws {
        let hasHead = Monitor(false)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
            guard hasHead.wait(for: { $0 ? true : nil }) == true else { return }
            try socket.send("late")
        }
        try withProxy(secure: secure, to: server) { martlet throws in
            let client = try martlet.connect()
            try client.send(requestText("GET /poll"))
            #expect(try client.receive(until: "\r\n\r\n").contains("Content-Length: 4"))
            hasHead.change { $0 = true }
            #expect(try client.receive(exactly: 4) == Array("late".utf8))
            client.close()
        }
        #expect(server.failures == [])
    }

    /// The server learns that a client has left, at the latest when it has something to say.
    @Test(arguments: [false, true])
    func whoLeavesIsMissed(secure: Bool) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while socket.isQuiet(for: .milliseconds(20)) { try? socket.send("9\r\ndata: 0\n\n\r\n") }
        }
        try withProxy(secure: secure, to: server) { martlet throws in
            let clients = try (0..<5).map { _ in try martlet.connect() }
            for client in clients {
                try client.send(requestText("GET /events"))
                _ = try client.receive(until: "data: 0\n\n")
                client.reset()
            }
            #expect(server.waitForScripts())
            try martlet.waitForMetric("martlet_exchanges_active", 1)
        }
        #expect(server.failures == [])
    }

    /// Many at a time take what they send, and no memory while they are silent.
    @Test func manyRestAtATime() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 0\n\n\r\n")
            _ = try socket.receiveUntilGone()
        }
        try withMartlet(Configs.proxy(to: server)) { martlet throws in
            let clients = try (0..<200).map { _ in try martlet.connect() }
            for client in clients { try client.send(requestText("GET /events")) }
            for client in clients { _ = try client.receive(until: "data: 0\n\n") }
            #expect(try martlet.metrics["martlet_buffer_bytes"].map { $0 < 2_097_152 } == true)
            for client in clients { client.reset() }
            try martlet.waitForMetric("martlet_exchanges_active", 1)
        }
    }
}
