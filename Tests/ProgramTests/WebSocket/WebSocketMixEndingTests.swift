// How WebSockets end whose servers speak HTTP/2, and what holds one end back when the other does not read.
import Glibc
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketMixEndingTests {
    /// What became of the server's stream.
    private let seen = Monitor<FrameResponse?>(nil)

    /// A server that accepts one tunnel and then plays a script.
    private func server(
        _ settings: [(UInt16, UInt32)] = [], _ script: @escaping @Sendable (FrameClient) throws -> Void
    ) throws -> ScriptedServer {
        let seen = seen
        return try .frames([(Setting.enableConnect, 1)] + settings) { peer, _ in
            _ = try peer.request(on: 1)
            peer.send(FrameClient.answer(1, 200))
            try script(peer)
            _ = try? peer.response(on: 1)
            seen.change { $0 = peer.exchanges[1] }
            try peer.untilGone()
        }
    }

    private func stream() throws -> FrameResponse {
        try #require(seen.wait { $0 })
    }

    /// Each side ends on its own.
    @Test(arguments: Mix.toServersOfHTTP2) func theServerMayEndFirst(mix: Mix) throws {
        let server = try server { peer in peer.send(.data(1, "all I say")) }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            #expect(try client.receive(9) == Array("all I say".utf8))
            try client.send(Array("one word more".utf8))
            client.end()
            #expect(try client.rest().end == .end)
            let stream = try stream()
            #expect(stream.text == "one word more" && stream.isEnded && stream.resetCode == nil)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    /// One that has said all and takes nothing more resets its stream: that is an end like any other.
    @Test(arguments: Mix.toServersOfHTTP2) func theServerMayLeave(mix: Mix) throws {
        let server = try server { peer in peer.send(.data(1, "goodbye"), .reset(1, .noError)) }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet, "/left")
            let rest = try client.rest()
            #expect(rest.bytes == Array("goodbye".utf8) && rest.end == .end)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            client.end()
            #expect(try martlet.accessLogLine(target: "/left")["error"] == nil)
        }
    }

    @Test(arguments: Mix.toServersOfHTTP2, [ErrorCode.cancel, .internalError])
    func aResetIsAReset(mix: Mix, code: ErrorCode) throws {
        let server = try server { peer in
            try peer.takeIn(until: "a byte") { peer.count(on: 1) > 0 }
            peer.send(.data(1, "half", []), .reset(1, code))
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet, "/broken")
            try client.send([1])
            #expect(try client.rest().end == .reset)
            let line = try martlet.accessLogLine(target: "/broken")
            #expect(line["status"] == "101" && line["error"]?.contains("server reset the connection") == true)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    /// The same when the whole connection is gone.
    @Test(arguments: Mix.toServersOfHTTP2) func aLostConnectionIsAReset(mix: Mix) throws {
        let server = try ScriptedServer.frames { peer, _ in
            _ = try peer.request(on: 1)
            peer.send(FrameClient.answer(1, 200))
            try peer.takeIn(until: "a byte") { peer.count(on: 1) > 0 }
            peer.socket.reset()
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            try client.send([1])
            #expect(try client.rest().end == .reset)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            try martlet.waitForMetric("martlet_upstream_connections_active", 0)
        }
    }

    /// RST_STREAM with CANCEL stands for a connection that was reset (RFC 8441 section 5).
    @Test(arguments: Mix.toServersOfHTTP2) func clientsThatBreakOffAreTold(mix: Mix) throws {
        let server = try server { _ in }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            try client.send([0x82, 0xFE, 0xFF])
            client.reset()
            #expect(try stream().resetCode == .cancel)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            // The connection is there for others.
            #expect(try martlet.metrics["martlet_upstream_connections_active"] == 1)
        }
    }

    /// Fields behind the head of a tunnel break it (RFC 9113 section 8.5), be they trailers or not.
    @Test(arguments: Mix.toServersOfHTTP2, [FrameFlags.whole, .endHeaders])
    func fieldsOfServersInATunnelBreakIt(mix: Mix, flags: FrameFlags) throws {
        let server = try server { peer in
            try peer.takeIn(until: "a byte") { peer.count(on: 1) > 0 }
            peer.send(.headers(1, HPACKWriter.block([HTTPField("x", "y")]), flags))
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            try client.send([1])
            #expect(try client.rest().end == .reset)
            #expect(try stream().resetCode == .protocolError)
        }
    }

    @Test(arguments: [false, true]) func fieldsOfClientsInATunnelBreakIt(serverTwo: Bool) throws {
        let mix = Mix(clientTwo: true, serverTwo: serverTwo)
        try mix.run(try mix.echo()) { martlet throws in
            let client = try StreamTunnel(martlet, "/").client
            client.send(.headers(1, HPACKWriter.block([HTTPField("x", "y")])))
            #expect(try client.response(on: 1).resetCode == .protocolError)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    @Test(arguments: Mix.all) func silenceEndsThem(mix: Mix) throws {
        try mix.run(try mix.echo(), "timeouts: {tunnelIdle: 1s}") { martlet throws in
            let client = try mix.open(martlet, "/idle")
            for _ in 0..<4 {
                // Whoever speaks stays.
                #expect(try client.roundTrip([0x82, 1, 7], piece: 3) == [0x82, 1, 7])
                #expect(try client.isQuiet(for: .milliseconds(300)))
            }
            let rest = try client.rest()
            #expect(rest.bytes == WebSocketFrame.close(1001).bytes(maskedBy: nil) && rest.end == .end)
            client.end()
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"tunnel_idle\"}"] == 1)
            #expect(try martlet.accessLogLine(target: "/idle")["error"] == "nothing was sent for too long")
        }
    }

    /// A drain waits for them, and says so to those that are left.
    @Test(arguments: Mix.all) func aDrainWaitsAndThenSaysSo(mix: Mix) throws {
        let server = try mix.echo()
        let martlet = try RunningMartlet(
            Configs.proxy(to: server, upstream: mix.upstream, "timeouts: {drain: 2s}"))
        let (staying, leaving) = (try mix.open(martlet, "/a"), try mix.open(martlet, "/b"))
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        for client in [staying, leaving] {
            #expect(try client.roundTrip([0x82, 1, 7], piece: 3) == [0x82, 1, 7])
        }
        leaving.end()
        #expect(try leaving.rest().end == .end)
        let rest = try staying.rest()
        #expect(rest.bytes == WebSocketFrame.close(1001).bytes(maskedBy: nil) && rest.end == .end)
        #expect(try martlet.process.wait() == .code(0))
        let lines = try martlet.accessLog
        #expect(lines.first { $0["target"] == "/a" }?["error"] == "shutting down")
        #expect(lines.contains { $0["target"] == "/b" && $0["error"] == nil })
    }

    // MARK: Back-pressure

    /// What fits into windows, the proxy and the kernel, and no more, while the server opens no window.
    @Test(arguments: Mix.toServersOfHTTP2) func aServerThatDoesNotReadHoldsTheClientBack(mix: Mix) throws {
        let isOpen = Monitor(false)
        let server = try server { peer in
            peer.opensWindows = false
            while !isOpen.value { _ = try peer.next(within: .milliseconds(50)) }
            peer.opensWindows = true
            peer.send(.windowUpdate(0, 1 << 30), .windowUpdate(1, 1 << 30))
        }
        try mix.run(server) { martlet throws in
            let total: Int
            let client = try mix.open(martlet)
            if let socket = (client as? SocketTunnel)?.socket {
                total = try socket.fill(atMost: 64 << 20, quiet: .milliseconds(300))
            } else {
                let client = try #require(client as? StreamTunnel).client
                try client.takeIn()
                total = try StallSender.fill(client, atMost: 64 << 20)
            }
            #expect(total >= 65_535 && total < 16 << 20)
            #expect(try martlet.metrics["martlet_buffer_bytes"].map { $0 < 1_048_576 } == true)
            isOpen.change { $0 = true }
            client.end()
            let stream = try stream()
            #expect(stream.content.count == total && stream.isEnded)
        }
    }

    /// The same the other way round: the server's windows stay closed while the client does not read.
    @Test(arguments: Mix.toServersOfHTTP2) func aClientThatDoesNotReadHoldsTheServerBack(mix: Mix) throws {
        let total = Monitor<Int?>(nil)
        let server = try server { peer in
            let sent = try StallSender.fill(peer, atMost: 64 << 20)
            total.change { $0 = sent }
            peer.send(.data(1, ""))
        }
        try mix.run(server) { martlet throws in
            if mix.clientTwo {
                let client = try StreamTunnel(martlet, "/")
                client.client.opensWindows = false
                // Nothing is taken in, and nothing given back.
                let sent = try #require(total.wait(.seconds(30)) { $0 })
                #expect(sent >= 65_535 && sent < 8 << 20)
                client.client.opensWindows = true
                client.client.send(.windowUpdate(0, 1 << 24), .windowUpdate(1, 1 << 24))
                client.end()
                #expect(try client.rest().bytes.count == sent)
            } else {
                let client = try SocketTunnel(martlet, "/", receiveBuffer: 65_536)
                let sent = try #require(total.wait(.seconds(30)) { $0 })
                #expect(sent >= 65_535 && sent < 16 << 20)
                client.end()
                #expect(try client.rest().bytes.count == sent)
            }
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    /// An end without content needs no window: it comes although all of the client's is used up.
    @Test(arguments: [false, true]) func anEndNeedsNoWindow(serverTwo: Bool) throws {
        let server: ScriptedServer
        if serverTwo {
            server = try self.server { peer in
                peer.send(.data(1, "0123456789", []))
                peer.send(.data(1, ""))
            }
        } else {
            server = try ScriptedServer { socket, _ in
                guard let request = try socket.readRequest() else { return }
                try socket.send(WebSocket.response(to: request) + "0123456789")
                socket.shutdownSend()
                _ = try socket.receiveUntilEnd()
            }
        }
        try Mix(clientTwo: true, serverTwo: serverTwo).run(server) { martlet throws in
            let client = try StreamTunnel(martlet, "/", [(Setting.initialWindow, 10)])
            client.client.opensWindows = false
            client.end()
            let rest = try client.rest()
            #expect(rest.bytes == Array("0123456789".utf8) && rest.end == .end)
        }
    }
}

/// Sends on stream 1 as long as there is room in its windows.
enum StallSender {
    /// How much that was when there has been no room for a while.
    static func fill(_ peer: FrameClient, atMost most: Int) throws -> Int {
        let piece = [UInt8](repeating: 0x78, count: 16_384)
        var sent = 0
        while sent < most {
            let initial = Int(peer.settings[Setting.initialWindow] ?? 65_535)
            let room = min(
                65_535 + (peer.increments[0] ?? 0) - sent, initial + (peer.increments[1] ?? 0) - sent, piece.count)
            if room > 0 {
                peer.send(WireFrame(.data, [], 1, Array(piece.prefix(room))))
                sent += room
            }
            guard case .frame = try peer.next(within: room > 0 ? .zero : .milliseconds(500)) else {
                if room > 0 { continue }
                return sent
            }
        }
        return sent
    }
}
