// Checks by gRPC, by a keeper on its loop.
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletTelemetry
import MartletTestSupport
import Testing

@Suite struct GRPCCheckTests {
    private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// A server that says this on each connection, when a client of HTTP/2 has come.
    private func server(_ answer: @escaping @Sendable () -> [UInt8]) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.receive(until: Self.preface)
            try? socket.send(answer())
            _ = try? socket.receiveUntilGone()
        }
    }

    @Test func aServerThatServesIsUp() throws {
        let server = try server { CallAnswer.serving(1) }
        let keeper = try TestKeeper(port: server.port, .grpc(GRPCCheck()))
        #expect(
            try keeper.change() == StateChange(server: 0, from: .starting, to: .up, reason: "its check passes"))
        #expect(keeper.metrics.read(.checksPassed, server: 0) > 0)
    }

    @Test(arguments: [
        (CallAnswer.serving(2), "the service is NOT_SERVING"),
        (CallAnswer.failure("12"), "the call failed: UNIMPLEMENTED"),
        (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), "the answer is not HTTP/2"),
        (CallAnswer.call(CallAnswer.reset(2)), "the call was reset: INTERNAL_ERROR"),
    ])
    func fails(answer: [UInt8], reason: String) throws {
        let server = try server { answer }
        let keeper = try TestKeeper(port: server.port, .grpc(GRPCCheck()))
        #expect(try keeper.change().reason == "its check fails: \(reason)")
    }

    @Test func silenceIsAFailure() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let keeper = try TestKeeper(port: server.port, .grpc(GRPCCheck()), timeout: 30)
        #expect(try keeper.change().reason == "its check fails: no answer in time")
    }

    @Test func anEndIsAFailure() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.receive(until: Self.preface)
            try socket.send(CallAnswer.settings + CallAnswer.head())
        }
        let keeper = try TestKeeper(port: server.port, .grpc(GRPCCheck()))
        let reason = try keeper.change().reason
        // Closing with something unread is a reset.
        #expect(reason.contains("the answer was broken off") || reason.contains("reset"))
    }

    /// SETTINGS and PING are answered: a server may wait for that.
    @Test func whatTheServerAsksIsAnswered() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.receive(until: Self.preface)
            try socket.send(CallAnswer.settings + CallAnswer.ping("martlet!"))
            _ = try socket.receive(until: "martlet!")
            try socket.send(CallAnswer.serving(1).dropFirst(CallAnswer.settings.count).map { $0 })
            _ = try? socket.receiveUntilGone()
        }
        let keeper = try TestKeeper(port: server.port, .grpc(GRPCCheck()))
        #expect(try keeper.change().to == .up)
        #expect(server.failures.isEmpty)
    }

    @Test func aServerGoesDownAndComesUpAgain() throws {
        let status = Monitor<UInt8>(1)
        let server = try server { CallAnswer.serving(status.value) }
        let keeper = try TestKeeper(port: server.port, .grpc(GRPCCheck()))
        #expect(try keeper.change(0).to == .up)
        status.change { $0 = 2 }
        #expect(try keeper.change(1).to == .down)
        status.change { $0 = 1 }
        #expect(try keeper.change(2).to == .up)
    }
}
