// Connections to servers that cannot be made.
import Glibc
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ConnectingTests {
    /// A port on which nobody listens: a client has it, and keeps it while it is held.
    private func withDeadPort(_ body: (UInt16) throws -> Void) throws {
        let peer = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let holder = try TestSocket(port: peer.port)
        try body(holder.port)
        holder.close()
    }

    @Test func aRefusedConnectionIsTriedAsOftenAsAllowed() throws {
        try withDeadPort { port in
            let proxy = try TestProxy(ProxySetup([ServerModel(port: port)]))
            #expect(try proxy.answer().status == 502)
            let line = try proxy.end(failed: ExpectedFailure(.connectFailed, .connecting))
            #expect(line.error == "connect failed: Connection refused")
            #expect(proxy.metrics.read(.connectFailures) == 3)
            #expect(proxy.metrics.read(.connectFailures, server: 0) == 3)
            // None of them saw a request.
            #expect(proxy.metrics.read(.requests, server: 0) == 0)
        }
    }

    @Test func theNextServerIsTried() throws {
        try withDeadPort { port in
            let server = try ScriptedServer.answering()
            let proxy = try TestProxy(ProxySetup([ServerModel(port: port), ServerModel(server)]))
            for _ in 0..<4 { #expect(try proxy.answer().status == 200) }
            let lines = try proxy.end(server)
            #expect(
                lines.allSatisfy {
                    $0.status == 200 && $0.error == nil && $0.server?.hasSuffix("\(server.port)") == true
                })
            #expect(proxy.metrics.read(.connectFailures, server: 0) == proxy.metrics.read(.connectFailures))
            #expect(proxy.metrics.read(.connectFailures) >= 1)
            #expect(proxy.metrics.read(.requests, server: 1) == 4)
        }
    }

    /// A Unix socket that is not there fails at once, within the call.
    @Test func aPathThatIsNotThereFails() throws {
        let path = "/tmp/martlet-test-\(UInt64.random(in: 0 ... .max))"
        let proxy = try TestProxy(
            ProxySetup([ServerModel(name: "unix:\(path)", addresses: [SocketAddress(path: path)])]))
        #expect(try proxy.answer().status == 502)
        let line = try proxy.end(failed: ExpectedFailure(.connectFailed, .connecting))
        #expect(line.error == "connect failed: No such file or directory")
    }

    /// A listener whose backlog is full lets connections wait.
    @Test func aConnectionThatIsNotMadeInTimeIsGivenUp() throws {
        let full = Descriptor(try Listening.open(.loopback(port: 0), backlog: 0))
        let port = try Listening.port(of: full.number)
        let filling = try TestSocket(port: port)
        let proxy = try TestProxy(
            ProxySetup([ServerModel(port: port)]).with {
                $0.upstream.connectTime = 50
                $0.upstream.retry.attempts = 2
            })
        #expect(try proxy.answer().status == 504)
        filling.close()
        try proxy.end(failed: ExpectedFailure(.connectTimeout, .connecting))
        #expect(proxy.metrics.read(.timeoutConnect) == 2 && proxy.metrics.read(.connectFailures) == 2)
    }

    /// Sockets ran out here: no server is to blame, and none is tried again.
    @Test func withoutASocketThereIsNoBlame() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).with { $0.sockets = 2 })
        #expect(try proxy.answer().status == 503)
        let line = try proxy.end(server, failed: ExpectedFailure(.noResources, .connecting))
        #expect(line.error == "no connection can be made from here: Too many open files")
        #expect(proxy.metrics.read(.connectFailures) == 0)
    }
}
