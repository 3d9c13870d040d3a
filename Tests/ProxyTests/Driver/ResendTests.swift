// Servers that go away when they are asked on a connection that was idle.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ResendTests {
    /// Answers the first request of each connection, and goes away on the second.
    private func forgetfulServer(_ goAway: @escaping @Sendable (TestSocket) -> Void) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(Responses.ok)
            _ = try socket.readRequest()
            goAway(socket)
        }
    }

    @Test(arguments: [true, false])
    func aRequestThatMayBeRepeatedIsSentAgain(isReset: Bool) throws {
        let server = try forgetfulServer { if isReset { $0.reset() } }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        for _ in 0..<4 {
            try client.send(Requests.get)
            #expect(try client.readResponse().text == "ok")
        }
        client.close()
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == [200, 200, 200, 200] && lines.allSatisfy { $0.error == nil })
        #expect(proxy.metrics.read(.upstreamResent) == 3 && server.connectionCount == 4)
        #expect(proxy.metrics.read(.requests, server: 0) == 7 && proxy.metrics.read(.failures, server: 0) == 0)
    }

    /// The server may have done what a POST asks for already (RFC 9110 section 9.2.2).
    @Test func oneThatMayNotBeRepeatedFails() throws {
        let server = try forgetfulServer { _ in }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(Requests.get)
        #expect(try client.readResponse().status == 200)
        try client.send(Requests.post(length: 2) + "hi")
        #expect(try client.readResponse().status == 502)
        client.close()
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == [200, 502] && lines[1].error == "server closed before the response")
        #expect(proxy.metrics.read(.upstreamResent) == 0 && server.connectionCount == 1)
    }

    /// Not for ever: the fresh connection's failure is the request's.
    @Test func aRequestIsSentAgainOnce() throws {
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            if number > 0 { return }
            try socket.send(Responses.ok)
            _ = try socket.readRequest()
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.retry.attempts = 1 })
        let client = try proxy.connect()
        try client.send(Requests.get)
        #expect(try client.readResponse().status == 200)
        try client.send(Requests.get)
        #expect(try client.readResponse().status == 502)
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.upstreamResent) == 1 && server.connectionCount == 2)
    }
}
