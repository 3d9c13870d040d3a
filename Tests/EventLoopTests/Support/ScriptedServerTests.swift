import MartletTestSupport
import Testing

@Suite struct ScriptedServerTests {
    @Test func playsAScriptOnEachConnection() throws {
        let server = try ScriptedServer { socket, number in
            let name = try socket.receive(until: "\n")
            try socket.send("\(number) " + name)
        }
        for number in 0..<3 {
            let client = try TestSocket(port: server.port)
            try client.send("Ada\n")
            #expect(try client.receiveUntilEnd() == Array("\(number) Ada\n".utf8))
        }
        #expect(server.connectionCount == 3)
        #expect(server.failures == [])
    }

    @Test func listensOnAUnixSocket() throws {
        let path = "/tmp/martlet-test-\(UInt64.random(in: 0 ... .max))"
        let server = try ScriptedServer(path: path) { socket, _ in try socket.send("hello") }
        #expect(try TestSocket(path: path).receive(exactly: 5) == Array("hello".utf8))
        #expect(server.waitForConnections(1))
    }

    @Test func tellsAResetFromAnEnd() throws {
        let server = try ScriptedServer { socket, number in
            _ = try socket.receive(exactly: 1)
            if number == 0 { socket.reset() }
        }
        for expected in [TestSocket.Ending.reset, .end] {
            let client = try TestSocket(port: server.port)
            try client.send("x")
            #expect(try client.receiveUntilGone().ending == expected)
        }
    }

    @Test func whatAScriptThrowsIsKept() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receive(exactly: 9) }
        try TestSocket(port: server.port).send("short")
        #expect(server.waitForConnections(1) && server.waitForScripts())
        #expect(server.failures.count == 1 && server.failures[0].contains("short"))
    }

    @Test func stopEndsScriptsThatWait() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receive(exactly: 1) }
        let client = try TestSocket(port: server.port)
        #expect(server.waitForConnections(1))
        server.stop()
        #expect(try client.receiveUntilGone().bytes == [])
        #expect(throws: TestFailure.self) { try TestSocket(port: server.port) }
    }

    @Test func aSocketThatGetsNothingGivesUp() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilEnd() }
        let client = try TestSocket(port: server.port, limit: .milliseconds(1))
        #expect(throws: TestFailure.self) { try client.receive(exactly: 1) }
        #expect(client.isQuiet(for: .milliseconds(1)))
    }
}
