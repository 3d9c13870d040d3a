import MartletTestSupport
import Testing

/// Whoever floods the proxy loses the connection; whoever does not, notices nothing.
@Suite(.timeLimit(.minutes(20))) struct FloodTests {
    /// Sends rounds until the connection ends.
    private func flood(_ attack: FloodAttack, _ client: FrameClient) throws {
        client.send(attack.start(client))
        for number in 0..<20_000 where !client.isGone {
            client.send(attack.round(client, number))
            try client.takeIn()
        }
        try client.expect(.closed)
    }

    @Test(arguments: FloodAttack.all) func floodsAreEnded(attack: FloodAttack) throws {
        let stage = try FrameStage()
        try withMartlet(stage.config("accessLog: off")) { martlet in
            let other = try FrameClient.ready(try martlet.frames())
            #expect(try other.get(1, "/before").text == "/before")
            let memory = try martlet.peakMemory()
            let client = try FrameClient.ready(try martlet.frames())
            try flood(attack, client)
            #expect(client.goAways.allSatisfy { $0.code == .enhanceYourCalm }, "\(client.goAways.map(\.summary))")
            try martlet.waitForMetric("martlet_http2_faults_total{kind=\"\(attack.kind)\"}", 1)
            // What the other client sees of it, on its old connection and on a new one.
            #expect(try other.get(3, "/after").text == "/after")
            #expect(try FrameClient.ready(try martlet.frames()).get(1, "/new").text == "/new")
            // Nothing is left, neither here nor on the way to the server.
            try martlet.waitForMetric("martlet_http2_streams_active", 0)
            try martlet.waitForMetric("martlet_exchanges_active", 1)
            #expect(stage.origin.requests.count < 2_000)
            // KiB.
            let growth = try martlet.peakMemory() - memory
            #expect(growth < 16 << 10, "\(growth)")
        }
    }

    /// The same over TLS, where what is lost at the end cannot be told.
    @Test func aFloodOverTLSIsEnded() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames(true))
            try flood(FloodAttack.all[0], client)
            try martlet.waitForMetric("martlet_http2_faults_total{kind=\"resets\"}", 1)
            #expect(try FrameClient.ready(try martlet.frames(true)).get(1, "/new").text == "/new")
        }
    }

    /// A client that calls off a request now and then is no attacker.
    @Test func someResetsAreFine() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            for round in 0..<100 {
                let stream = UInt32(1 + 4 * round)
                client.send(.headers(stream, client.server.block()), .reset(stream))
                #expect(try client.get(stream + 2).status == 200)
            }
            #expect(client.goAways == [] && !client.isGone)
        }
    }

    /// PING, and does not read what it makes us say.
    @Test func whoDoesNotReadIsEnded() throws {
        let stage = try FrameStage()
        let config = stage.config().replacing("name: clear\n", with: "name: clear\n    http2: {idleFrames: 1000000}\n")
        try withMartlet(config) { martlet in
            let server = try martlet.frames()
            let client = try FrameClient(server, receiveBuffer: 4_096)
            client.send(FrameClient.preface + WireFrame.settings([]).bytes)
            let memory = try martlet.peakMemory()
            let pings = [UInt8]((0..<1_000).map { _ in WireFrame.ping("flood").bytes }.joined())
            for _ in 0..<800 {
                if (try? client.socket.send(pings)) == nil { break }
            }
            try martlet.waitForMetric("martlet_http2_faults_total{kind=\"output\"}", 1)
            #expect(try FrameClient.ready(server).get(1, "/new").text == "/new")
            let growth = try martlet.peakMemory() - memory
            #expect(growth < 16 << 10, "\(growth)")
        }
    }

    /// Settings that are never acknowledged.
    @Test func settingsMustBeAcknowledged() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            let client = try FrameClient(try martlet.frames())
            client.answers = false
            client.send(FrameClient.preface + WireFrame.settings([]).bytes)
            try client.expect(.goAway(.settingsTimeout), within: .seconds(25))
            try martlet.waitForMetric("martlet_http2_faults_total{kind=\"settings_timeout\"}", 1)
        }
    }
}
