// How a server ends a connection without a request of its client failing: it asks, tells, and ends (RFC 9113 section 6.8).

import MartletHTTP2
import MartletHTTPCore
import Testing

struct DrainingTests {
    private static let question = SentFrame(.ping, payload: Array("martlet?".utf8))
    private static let word = [
        SentFrame.goAway(0x7FFF_FFFF, .noError), SentFrame(.ping, payload: Array("martlet!".utf8)),
    ]

    private static func answer(_ text: String) -> [UInt8] { Wire.ping(Array(text.utf8), ack: true) }

    /// A server that was told to drain, with a stream whose response is ready. The question has left.
    private func asking(_ change: (inout HTTP2Limits) -> Void = { _ in }) -> Endpoint {
        let server = Endpoint.settled(.server, change)
        server.receive(Wire.headers(1))
        server.machine.setReady(server.place(1), .frames)
        server.machine.drain()
        #expect(server.sent() == [Self.question])
        return server
    }

    private func mayAnyoneSend(_ server: Endpoint) -> Bool { server.machine.nextToSend() != nil }

    @Test func aServerDrains() {
        let server = asking()
        server.machine.drain()
        #expect(server.sent() == [] && server.isEnding && !server.isFinished && server.machine.isAsking)
        #expect(!mayAnyoneSend(server), "the client has not read all that was sent")
        // What is under way is taken.
        #expect(server.receive(Wire.headers(3)).count == 1)
        #expect(server.receive(Wire.ping(ack: true) + Self.answer("martlet!")) == [] && server.sent() == [])
        #expect(server.receive(Self.answer("martlet?")) == [])
        #expect(server.sent() == Self.word && !server.machine.isAsking && mayAnyoneSend(server))
        #expect(server.receive(Wire.headers(5)).count == 1)
        #expect(server.receive(Wire.ping(ack: true) + Self.answer("martlet?")) == [] && server.sent() == [])
        server.machine.announce()
        server.machine.drain()
        #expect(server.sent() == [])
        #expect(server.receive(Self.answer("martlet!")) == [])
        #expect(server.sent() == [.goAway(5, .noError)])
        // What comes now is not: it was sent by one who knew.
        let late = Wire.headers(7, end: false) + Wire.data(7, [1]) + Wire.windowUpdate(7, 1) + Wire.reset(7)
        #expect(server.receive(late) == [.discardedHeaders([0x82])] && server.sent() == [])
        #expect(server.receive(Self.answer("martlet!") + Self.answer("martlet?")) == [] && server.sent() == [])
        server.machine.announce()
        #expect(server.sent() == [])
        for number: UInt32 in [1, 3, 5] {
            #expect(!server.isFinished)
            server.machine.sentData(server.place(number), 0, endStream: true)
        }
        #expect(server.isFinished)
    }

    /// Nobody but us ends a connection by a PING.
    @Test(arguments: ["martlet?", "martlet!"]) func anAnswerToNoPing(text: String) {
        let server = Endpoint.settled()
        #expect(server.receive(Self.answer(text)) == [] && server.sent() == [])
        #expect(!server.isEnding && server.receive(Wire.headers(1)).count == 1)
    }

    /// GOAWAY is the first thing that a client reads behind the question: what ends streams comes later.
    @Test func whatWasHeldBackComesBehind() {
        let server = asking { $0.maxStreams = 2 }
        // A stream too many, one that breaks a rule, one that we call off, and a client that wants an answer.
        server.receive(Wire.headers(3, end: false) + Wire.headers(5) + Wire.ping())
        server.receive(Wire.windowUpdate(3, 0))
        server.machine.reset(server.place(1), .internalError)
        #expect(server.sent() == [] && server.machine.outputCount == 0)
        server.receive(Self.answer("martlet?"))
        let pong = SentFrame(.ping, flags: .ack, payload: [1, 2, 3, 4, 5, 6, 7, 8])
        let held: [SentFrame] = [
            .reset(5, .refusedStream), pong, .reset(3, .protocolError), .reset(1, .internalError),
        ]
        #expect(server.sent() == Self.word + held)
    }

    /// What waited before the question leaves before it, also when it has not left when the time is over.
    @Test(arguments: [false, true]) func theOrderOfWhatHasNotLeft(hasLeft: Bool) {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1) + Wire.headers(3))
        server.machine.reset(server.place(1), .cancel)
        server.machine.drain()
        server.machine.reset(server.place(3), .cancel)
        let first = [SentFrame.reset(1, .cancel), Self.question]
        if hasLeft { #expect(server.sent() == first && server.sent() == []) }
        server.machine.announce()
        #expect(server.sent() == (hasLeft ? [] : first) + Self.word + [.reset(3, .cancel)])
    }

    @Test func whoDoesNotAnswerIsToldAllTheSame() {
        let server = asking()
        server.machine.announce()
        #expect(server.sent() == Self.word && mayAnyoneSend(server) && !server.machine.isAsking)
        // The answer comes late, and says nothing.
        #expect(server.receive(Self.answer("martlet?")) == [] && server.sent() == [])
        #expect(server.receive(Self.answer("martlet!")) == [] && server.sent() == [.goAway(1, .noError)])
    }

    @Test func theEndComesWhileTheClientIsAsked() {
        let server = asking()
        server.receive(Wire.ping())
        server.machine.finish(.noError)
        #expect(server.sent().map(\.type) == [FrameType.goAway.rawValue, FrameType.ping.rawValue])
        #expect(!server.machine.isAsking && mayAnyoneSend(server))
        #expect(server.receive(Wire.headers(3)) == [.discardedHeaders([0x82])])
        #expect(server.receive(Self.answer("martlet?") + Self.answer("martlet!")) == [] && server.sent() == [])
    }

    @Test func aFaultWhileTheClientIsAsked() {
        let server = asking()
        server.receive(Wire.ping())
        #expect(server.receive(Wire.headers(2)) == [.failed(.evenStream)])
        #expect(server.sent().last == .goAway(1, .protocolError) && server.sent() == [] && !mayAnyoneSend(server))
        server.machine.announce()
        server.machine.drain()
        #expect(server.sent() == [] && server.isFinished)
    }

    /// A client that never answers, and makes us write in the meantime, does not make us keep more than before.
    @Test func whatIsHeldBackHasABound() {
        let server = asking { $0.idleFrames = .max }
        let pings = (0..<4_000).flatMap { _ in Wire.ping() }
        #expect(server.receive(pings) == [.failed(.outputTooLarge)])
        #expect(server.sent().last == .goAway(1, .enhanceYourCalm))
    }

    /// A client on whose connection nothing has happened for a while has read everything.
    @Test func quietConnectionsAreNotAsked() {
        for (what, isQuiet): (String, Bool) in [("a stream", false), ("a refusal", false), ("nothing", true)] {
            let server = Endpoint.settled { $0.maxStreams = 1 }
            server.receive(Wire.headers(1))
            if what == "a refusal" { server.machine.trim() }
            server.machine.sentHeaders(server.place(1), endStream: true)
            server.machine.trim()
            if what == "a stream" {
                server.receive(Wire.headers(3))
                server.machine.trim()
                server.machine.sentHeaders(server.place(3), endStream: true)
            } else if what == "a refusal" {
                // It depends on itself.
                server.receive(Wire.frame(.headers, [.endHeaders, .priority], stream: 3, big(3) + [0, 0x82]))
                #expect(server.sent() == [.reset(3, .protocolError)])
            }
            server.machine.drain()
            #expect(server.sent() == (isQuiet ? Self.word : [Self.question]), "behind \(what)")
        }
    }

    /// A client that has just come may have made its first request, and not have written it.
    @Test func newConnectionsAreAsked() {
        let server = Endpoint(.server)
        server.machine.trim()
        server.machine.drain()
        #expect(server.sent().last == Self.question)
        server.receive(Wire.preface + Wire.settings() + Wire.headers(1))
        #expect(server.sent() == [])
        server.receive(Self.answer("martlet?"))
        #expect(server.sent() == Self.word + [.settingsAck])
    }
}
