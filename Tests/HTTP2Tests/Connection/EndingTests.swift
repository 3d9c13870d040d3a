// How connections and streams end (RFC 9113 sections 5.4, 6.4 and 6.8).

import MartletHTTP2
import MartletHTTPCore
import Testing

struct EndingTests {
    @Test func aServerFinishes() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1))
        server.machine.announce()
        _ = server.sent()
        server.machine.finish(.enhanceYourCalm)
        server.machine.finish(.noError)
        #expect(server.sent() == [.goAway(1, .enhanceYourCalm)])
        #expect(server.receive(Wire.headers(3)) == [.discardedHeaders([0x82])])
        // A failure never takes in more than the last GOAWAY.
        #expect(server.receive(Wire.headers(2)) == [.failed(.evenStream)])
        #expect(server.sent() == [.goAway(1, .protocolError)])
        let idle = Endpoint.settled()
        idle.machine.finish(.noError)
        #expect(idle.sent() == [.goAway(0, .noError)] && idle.isFinished)
    }

    @Test func aClientDrains() {
        let client = Endpoint.settled(.client)
        client.request()
        client.machine.drain()
        #expect(client.sent() == [.goAway(0, .noError)])
        #expect(!client.canOpen && client.machine.open() == nil && client.isEnding)
        #expect(!client.isFinished)
        #expect(client.receive(Wire.headers(1)) == [.headers(1, isNew: true, end: true, block: [0x82])])
        #expect(client.isFinished)
    }

    /// What the server has not worked on may go elsewhere.
    @Test func aClientIsToldToGo() {
        let client = Endpoint.settled(.client)
        for _ in 0..<4 { client.request() }
        guard let unnumbered = client.machine.open() else {
            Issue.record("no stream")
            return
        }
        client.machine.setTag(unnumbered, 99)
        let seen = client.receive(Wire.goAway(3) + Wire.headers(1))
        let head = Seen.headers(1, isNew: true, end: true, block: [0x82])
        #expect(seen == [.unprocessed(5), .unprocessed(7), .unprocessed(99), .goAway(.noError), head])
        #expect(client.machine.streamCount == 1 && !client.canOpen && !client.isFinished)
        #expect(client.sent() == [])
        // The second step.
        let second = client.receive(Wire.goAway(1, .internalError) + Wire.headers(3))
        #expect(second.prefix(2) == [.unprocessed(3), .goAway(.internalError)])
        // Nothing may come for what was given up.
        #expect(second.dropFirst(2) == [.discardedHeaders([0x82])])
        #expect(client.isFinished)
    }

    @Test func theFirstStepOfAGoAway() {
        let client = Endpoint.settled(.client)
        client.request()
        #expect(client.receive(Wire.goAway(0x7FFF_FFFF)) == [.goAway(.noError)])
        #expect(!client.canOpen && client.isEnding && !client.isFinished)
        #expect(client.receive(Wire.goAway(1)) == [.goAway(.noError)])
    }

    @Test func aServerIsToldToGo() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1))
        #expect(server.receive(Wire.goAway(0, .enhanceYourCalm, debug: [1, 2, 3])) == [.goAway(.enhanceYourCalm)])
        #expect(server.isEnding && server.place(1) >= 0 && !server.isFinished)
        #expect(server.receive(Wire.headers(3)).count == 1)
    }

    @Test func resets() {
        for (role, code, expected): (HTTP2Role, HTTP2ErrorCode, Seen) in [
            (.client, .refusedStream, .unprocessed(1)), (.server, .refusedStream, .reset(1, .refusedStream, nil)),
            (.client, .noError, .reset(1, .noError, nil)), (.client, .http11Required, .reset(1, .http11Required, nil)),
        ] {
            let endpoint = Endpoint.settled(role)
            if role == .client { endpoint.request(end: false) } else { endpoint.receive(Wire.headers(1)) }
            #expect(endpoint.receive(Wire.reset(1, code)) == [expected])
            #expect(endpoint.machine.streamCount == 0 && endpoint.sent() == [])
        }
    }

    /// A response that is whole stays whole when the server wants no more of the request (section 8.1).
    @Test func aResponseBeforeTheRequestIsWhole() {
        let client = Endpoint.settled(.client)
        client.request(end: false)
        client.receive(Wire.headers(1, end: false))
        client.expectContent(1)
        let seen = client.receive(Wire.data(1, [1, 2], end: true) + Wire.reset(1, .noError))
        #expect(seen == [.data(1, [1, 2], end: true), .reset(1, .noError, nil)])
        let server = Endpoint.settled()
        server.receive(Wire.headers(1, end: false))
        server.machine.sentData(server.place(1), 0, endStream: true)
        #expect(server.machine.streamCount == 1)
        server.machine.reset(server.place(1), .noError)
        #expect(server.machine.streamCount == 0 && server.sent() == [.reset(1, .noError)])
        #expect(server.receive(Wire.data(1, [1], end: true)) == [])
    }

    @Test func howManyStreamsAClientMayHave() {
        let client = Endpoint.settled(.client, peer: [(.maxConcurrentStreams, 3)])
        for _ in 0..<3 { #expect(client.machine.open() != nil) }
        #expect(!client.canOpen && client.machine.open() == nil)
        client.receive(Wire.settings([(.maxConcurrentStreams, 4)]))
        #expect(client.request() == 1 && client.request() == 0)
        client.receive(Wire.headers(1))
        #expect(client.request() == 3)
        let modest = Endpoint.settled(.client) { $0.maxStreams = 2 }
        #expect(modest.request() == 1 && modest.request() == 3 && modest.request() == 0)
        #expect(Endpoint.settled(.server).machine.open() == nil)
    }

    /// Numbers end at 2^31 - 1 (section 5.1.1).
    @Test func numbersRunOut() {
        let server = Endpoint.settled()
        #expect(server.receive(Wire.headers(0x7FFF_FFFF)).count == 1)
        #expect(server.receive(Wire.headers(0x7FFF_FFFD)) == [.failed(.streamNotAscending)])
        #expect(server.sent() == [.goAway(0x7FFF_FFFF, .protocolError)])
    }

    @Test func memoryIsGivenBack() {
        let server = Endpoint.settled()
        for round in 0..<3 {
            let numbers = (0..<100).map { UInt32(400 * round + 2 * $0 + 1) }
            for number in numbers { server.receive(Wire.headers(number) + Wire.ping()) }
            #expect(server.machine.places == 128)
            server.machine.trim()
            #expect(server.machine.places == 128 && server.machine.outputCount == 1700)
            let old = server.place(numbers[7])
            for number in numbers { server.machine.sentHeaders(server.place(number), endStream: true) }
            #expect(server.sent().count == 100)
            server.machine.trim()
            #expect(server.machine.places == 0 && server.machine.tag(old) == .max)
            server.receive((0..<9).flatMap { Wire.headers(UInt32(400 * round + 2 * $0 + 201)) })
            #expect(server.machine.places == 16 && server.machine.number(of: old) == 0)
            for index in 0..<9 {
                server.machine.reset(server.place(UInt32(400 * round + 2 * index + 201)), .cancel)
            }
            _ = server.sent()
            server.machine.trim()
            server.receive([])
            if round < 2 { continue }
            #expect(server.machine.places == 0 && server.machine.streamCount == 0)
        }
    }
}
