// How clients are told to use another connection: none of them reads the end of a response and, behind it, that it must go.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FrameDrainTests {
    /// What makes a client leave.
    enum Cause: String, CaseIterable {
        case signal, upgrade, reload, requests
    }

    /// A frame in a word, as far as it matters here.
    private static func word(_ frame: WireFrame) -> String? {
        switch frame.kind {
        case .ping where !frame.flags.contains(.acknowledged): String(decoding: frame.payload, as: UTF8.self)
        case .goAway: frame.lastStream == 0x7fff_ffff ? "GOAWAY" : "GOAWAY \(frame.lastStream)"
        case .headers: "HEADERS \(frame.stream)"
        default: nil
        }
    }

    /// What comes until something has come, that included.
    private func words(_ client: FrameClient, until last: String) throws -> [String] {
        var words: [String] = []
        while words.last != last {
            guard case .frame(let frame) = try client.next() else { throw client.failure(last) }
            if let word = Self.word(frame) { words.append(word) }
        }
        return words
    }

    private func answer(_ text: String, _ client: FrameClient) {
        client.send(WireFrame(.ping, .acknowledged, 0, Array(text.utf8)))
    }

    /// A client that is in the middle of a request, on stream 3, and answers PING as its test wants it to.
    private func waitingClient(_ martlet: RunningMartlet, _ gate: SlowOrigin, _ isSecure: Bool = false) throws
        -> FrameClient
    {
        let client = try FrameClient.ready(try martlet.frames(isSecure))
        #expect(try client.get(1, "/1").text == "/1")
        client.answers = false
        client.send(.headers(3, client.server.block("GET", "/slow")))
        try client.synchronize()
        return client
    }

    /// A client as above when its connection is drained, and since when that is so.
    private func withDraining(
        _ more: String = "", _ test: (FrameClient, SlowOrigin, ContinuousClock.Instant) throws -> Void
    ) throws {
        let gate = try SlowOrigin()
        defer { gate.open() }
        let stage = try FrameStage()
        let martlet = try RunningMartlet(stage.config(to: [gate.server.address], more))
        let client = try waitingClient(martlet, gate)
        let began = ContinuousClock.now
        martlet.process.signal(SIGTERM)
        try test(client, gate, began)
        #expect(try martlet.process.wait() == .code(0))
    }

    /// The end of a response that is ready meanwhile waits for GOAWAY, also for a client that answers nothing.
    @Test(arguments: Cause.allCases, [false, true])
    func theEndOfAResponseComesBehindTheWord(cause: Cause, isSecure: Bool) throws {
        let gate = try SlowOrigin()
        defer { gate.open() }
        let stage = try FrameStage()
        let limits = cause == .requests ? "limits: {requestsPerConnection: 3}" : ""
        let config = stage.config(to: [gate.server.address], limits)
        let generations = try Generations(config)
        let martlet = generations.martlet
        let client = try waitingClient(martlet, gate, isSecure)
        switch cause {
        case .signal: martlet.process.signal(SIGTERM)
        case .upgrade: martlet.process.signal(SIGUSR2)
        case .reload:
            // Neither of the two listeners goes on.
            try martlet.write(
                Configs.proxy(to: [gate.server.address]).replacing("127.0.0.1:0\nadmin:", with: "127.0.0.2:0\nadmin:"))
            martlet.process.signal(SIGHUP)
        case .requests: client.send(.headers(5, client.server.block("GET", "/5")))
        }
        #expect(try words(client, until: "martlet?") == ["martlet?"])
        gate.open()
        #expect(try words(client, until: "HEADERS 3").prefix(2) == ["GOAWAY", "martlet!"])
        // What it asks for before it has read that it must go is answered.
        #expect(try client.get(7, "/7").text == "/7")
        answer("martlet!", client)
        _ = try words(client, until: "GOAWAY 7")
        try client.expect(.closed)
        if cause == .upgrade { try generations.waitForTakeover(0) }
    }

    /// A client that answers is told at once, one that does not after a tenth of a second.
    @Test(arguments: [true, false]) func howLongTheWordTakes(answers: Bool) throws {
        var times: [Duration] = []
        for _ in 0..<5 {
            try withDraining { client, gate, began in
                #expect(try words(client, until: "martlet?") == ["martlet?"])
                let asked = ContinuousClock.now
                if answers { answer("martlet?", client) }
                _ = try words(client, until: "martlet!")
                times.append(.now - (answers ? asked : began))
                gate.open()
                #expect(try client.response(on: 3).text == "/slow")
                answer("martlet!", client)
                try client.expect(.closed)
            }
        }
        // Loops count in whole milliseconds.
        let shortest = try #require(times.min())
        #expect(answers ? shortest < .milliseconds(90) : shortest >= .milliseconds(99), "\(times)")
    }

    @Test func anIdleConnectionIsToldAtOnce() throws {
        let stage = try FrameStage()
        let martlet = try RunningMartlet(stage.config())
        let (idle, busy) = (try FrameClient.ready(try martlet.frames()), try FrameClient.ready(try martlet.frames()))
        #expect(try idle.get(1).status == 200)
        #expect(try idle.next(within: .seconds(2)) == .nothing)
        #expect(try busy.get(1).status == 200)
        martlet.process.signal(SIGTERM)
        #expect(try words(idle, until: "martlet!") == ["GOAWAY", "martlet!"])
        #expect(try words(busy, until: "martlet!") == ["martlet?", "GOAWAY", "martlet!"])
        for client in [idle, busy] { try client.expect(.closed) }
        #expect(try martlet.process.wait() == .code(0))
    }

    /// Who says that it sends no more cannot answer, and makes no requests either.
    @Test func whoSendsNoMoreIsNotWaitedFor() throws {
        var times: [Duration] = []
        for _ in 0..<5 {
            try withDraining { client, gate, _ in
                #expect(try words(client, until: "martlet?") == ["martlet?"])
                let asked = ContinuousClock.now
                client.socket.shutdownSend()
                #expect(try words(client, until: "martlet!") == ["GOAWAY", "martlet!"])
                times.append(.now - asked)
                gate.open()
                #expect(try client.response(on: 3).text == "/slow")
                try client.expect(.closed)
            }
        }
        let shortest = try #require(times.min())
        #expect(shortest < .milliseconds(90), "\(times)")
    }

    /// A drain whose time is over does not wait for answers: the client reads why its request is cut.
    @Test func theDeadlineDoesNotWaitForAnswers() throws {
        try withDraining("timeouts: {drain: 0s}") { client, _, _ in
            let seen = try words(client, until: "HEADERS 3")
            #expect(seen == ["martlet?", "GOAWAY", "martlet!", "HEADERS 3"])
            #expect(try client.response(on: 3).status == 503)
        }
    }

    /// A client that is asked and keeps Martlet busy is told all the same, and keeps no other from being served.
    @Test func whoFloodsWhileItIsAsked() throws {
        let gate = try SlowOrigin()
        defer { gate.open() }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [gate.server.address], "limits: {requestsPerConnection: 3}")) { martlet in
            let client = try waitingClient(martlet, gate)
            client.send(.headers(5, client.server.block()))
            #expect(try words(client, until: "martlet?") == ["martlet?"])
            let flood = Array(repeatElement(WireFrame.ping("floods!!"), count: 10))
            while client.goAways.isEmpty {
                client.send(flood)
                _ = try client.next(within: .milliseconds(5))
            }
            #expect(try FrameClient.ready(try martlet.frames()).get(1, "/other").text == "/other")
            gate.open()
        }
    }
}
