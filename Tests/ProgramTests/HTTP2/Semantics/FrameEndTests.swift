// How connections end: by the clock, by a drain, by the client's word.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FrameEndTests {
    /// Waits for GOAWAY; what the last one says.
    private func goAway(_ client: FrameClient) throws -> WireFrame {
        try client.takeIn(until: "GOAWAY") { !client.goAways.isEmpty }
        return try #require(client.goAways.last)
    }

    @Test(arguments: [false, true]) func idleConnectionsAreEnded(isSecure: Bool) throws {
        let stage = try FrameStage()
        try withMartlet(stage.config("timeouts: {idle: 300ms}")) { martlet in
            let client = try FrameClient.ready(try martlet.frames(isSecure))
            for stream: UInt32 in [1, 3] { #expect(try client.get(stream).status == 200) }
            let word = try goAway(client)
            #expect(word.code == .noError && word.lastStream >= 3)
            try client.expect(.closed)
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"idle\"}", 1)
            try martlet.waitForMetric("martlet_connections_active", 1)
        }
    }

    /// Who says hello and nothing more is ended, too, and PING is no sign of life.
    @Test func connectionsWithoutRequestsAreEnded() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config("timeouts: {idle: 500ms, requestHead: 500ms}")) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let silent = try TestSocket(port: try martlet.port(of: "clear"))
            try silent.send(Array(FrameClient.preface.prefix(10)))
            let begin = ContinuousClock.now
            while !client.isGone, ContinuousClock.now - begin < .seconds(8) {
                client.send(.ping("alive"))
                _ = try client.next(within: .milliseconds(50))
            }
            #expect(client.isGone)
            _ = try silent.receiveUntilGone()
        }
    }

    /// Requests that are on their way are answered, and the client is told which they are (RFC 9113 section 6.8).
    @Test(arguments: [false, true]) func aDrainLosesNothing(isSecure: Bool) throws {
        let gate = try SlowOrigin()
        let stage = try FrameStage()
        let martlet = try RunningMartlet(stage.config(to: [gate.server.address]))
        let client = try FrameClient.ready(try martlet.frames(isSecure))
        #expect(try client.get(1, "/1").text == "/1")
        client.send(.headers(3, client.server.block("GET", "/slow")))
        #expect(gate.server.waitForConnections(1))
        client.answers = false
        martlet.process.signal(SIGTERM)
        let first = try goAway(client)
        #expect(first.code == .noError && first.lastStream == 0x7fff_ffff)
        // The client has not seen the word yet: what it asks for is still answered.
        #expect(try client.get(5, "/5").text == "/5")
        // Now it has, as it says by its answer to the PING that came with it.
        let ping = try #require(client.pings.last)
        client.send(WireFrame(.ping, .acknowledged, 0, ping.payload))
        try client.takeIn(until: "the second GOAWAY") { client.goAways.count > 1 }
        let last = try #require(client.goAways.last)
        #expect(last.code == .noError && last.lastStream == 5)
        gate.open()
        #expect(try client.response(on: 3).text == "/slow")
        try client.expect(.closed)
        #expect(try martlet.process.wait() == .code(0))
        #expect(try martlet.accessLog.map { $0["status"] } == ["200", "200", "200"])
    }

    @Test func aDrainEndsIdleConnectionsAtOnce() throws {
        let stage = try FrameStage()
        let martlet = try RunningMartlet(stage.config("timeouts: {drain: 1h}"))
        let client = try FrameClient.ready(try martlet.frames())
        #expect(try client.get(1).status == 200)
        martlet.process.signal(SIGTERM)
        #expect(try goAway(client).code == .noError)
        try client.expect(.closed)
        #expect(try martlet.process.wait() == .code(0))
    }

    @Test func theDeadlineOfADrainCutsStreams() throws {
        let gate = try SlowOrigin()
        let stage = try FrameStage()
        let martlet = try RunningMartlet(stage.config(to: [gate.server.address], "timeouts: {drain: 300ms}"))
        let client = try FrameClient.ready(try martlet.frames())
        client.send(.headers(1, client.server.block("GET", "/slow")))
        #expect(gate.server.waitForConnections(1))
        martlet.process.signal(SIGTERM)
        #expect(try martlet.process.wait() == .code(0))
        try client.expect(.closed)
        // It may have been answered for: nothing of a response was there yet.
        #expect(client.exchanges[1].map { !$0.isEnded || $0.status >= 500 } ?? true)
        gate.open()
    }

    /// A client that says goodbye gets what it has asked for, and may even ask for more: it has only said that it takes nothing
    /// that the server begins.
    @Test func theClientsGoAwayEndsNothing() throws {
        let gate = try SlowOrigin()
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [gate.server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            client.send(.headers(1, client.server.block("GET", "/slow")))
            #expect(gate.server.waitForConnections(1))
            client.send(.goAway(last: 0, .noError))
            try client.synchronize()
            gate.open()
            #expect(try client.response(on: 1).text == "/slow")
            #expect(try client.get(3, "/more").text == "/more")
            try martlet.waitForMetric("martlet_http2_goaways_total{direction=\"in\"}", 1)
        }
    }

    /// A client that breaks a rule while it is served, and then leaves in one way or another.
    @Test(arguments: [false, true]) func whoBreaksARuleAndLeavesIsForgotten(resets: Bool) throws {
        let gate = try SlowOrigin()
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [gate.server.address])) { martlet in
            for round in 1...10 {
                let client = try FrameClient.ready(try martlet.frames())
                client.send((0..<5).map { .headers(UInt32(1 + 2 * $0), client.server.block("GET", "/slow")) })
                #expect(gate.server.waitForConnections(5 * round))
                client.send(.data(0, "x"))
                if resets { client.socket.reset() } else { client.socket.shutdownSend() }
                try martlet.waitForMetric("martlet_http2_connections_active", 0)
            }
            #expect(try FrameClient.ready(try martlet.frames()).get(1, "/good").text == "/good")
            gate.open()
        }
    }

    /// A client whose connection breaks leaves nothing behind.
    @Test(arguments: [false, true]) func aBrokenConnectionFreesAllItsServers(isSecure: Bool) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.receiveUntilGone()
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames(isSecure))
            client.send((0..<10).map { .headers(UInt32(1 + 2 * $0), client.server.block()) })
            #expect(server.waitForConnections(10))
            client.close()
            #expect(server.waitForScripts())
            try martlet.waitForMetric("martlet_exchanges_active", 1)
            try martlet.waitForMetric("martlet_connections_active", 1)
        }
    }
}
