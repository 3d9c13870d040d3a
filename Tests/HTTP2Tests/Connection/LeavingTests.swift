// Streams that are answered before their clients have said all.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct LeavingTests {
    /// A server that has answered a request whose content has not ended.
    private func answered(_ number: UInt32 = 1, on server: Endpoint = .settled()) -> Endpoint {
        server.receive(Wire.headers(number, end: false))
        server.machine.sentHeaders(server.place(number), endStream: true)
        return server
    }

    @Test func theClientMayEndItsSide() {
        let server = answered()
        server.machine.setTag(server.place(1), 7)
        let place = server.place(1)
        server.machine.leave(place)
        #expect(server.machine.isOpen(place) && server.machine.tag(place) == .max && server.sent() == [])
        #expect(server.receive(Wire.data(1, [1, 2], end: true)) == [.data(.max, [1, 2], end: true)])
        #expect(server.machine.streamCount == 0)
        server.machine.consumed(place, 2, now: server.now)
        #expect(!server.machine.isOpen(place) && server.sent() == [])
    }

    @Test func itIsResetInTheEnd() {
        let server = answered(3, on: answered(1))
        server.machine.leave(server.place(1))
        #expect(server.machine.resetLeft() && server.sent() == [])
        server.machine.leave(server.place(3))
        #expect(server.machine.resetLeft() && server.sent() == [.reset(1, .noError)])
        #expect(!server.machine.resetLeft() && server.sent() == [.reset(3, .noError)])
        #expect(server.machine.streamCount == 0 && !server.machine.resetLeft())
        #expect(server.receive(Wire.data(3, [1], end: true)) == [] && server.sent() == [])
    }

    @Test func allAreResetAtOnceIfWanted() {
        let server = answered(3, on: answered(1))
        server.machine.leave(server.place(1))
        #expect(!server.machine.resetLeft(all: true) && server.sent() == [.reset(1, .noError)])
        #expect(server.machine.streamCount == 1)
    }

    /// What came and was not consumed is credited, as nobody will do it later; so is what comes then.
    @Test func whatHasComeIsCredited() {
        let server = Endpoint.settled {
            $0.streamWindow = 65_535
            $0.connectionWindow = 65_535
            $0.maxConnectionWindow = 65_535
            $0.maxStreamWindow = 65_535
        }
        _ = answered(on: server)
        let content = [UInt8](repeating: 1, count: 16_384)
        for _ in 0..<2 { server.receive(Wire.data(1, content)) }
        // Half of another one.
        server.receive(Array(Wire.data(1, content).prefix(9 + 8_192)))
        let place = server.place(1)
        server.machine.leave(place)
        #expect(server.sent() == [.windowUpdate(0, 40_960), .windowUpdate(1, 40_960)])
        server.receive([UInt8](repeating: 1, count: 8_192))
        server.machine.consumed(place, 8_192, now: server.now)
        #expect(server.machine.isOpen(place) && server.sent() == [])
        server.receive(Wire.data(1, content) + Wire.data(1, content))
        server.machine.consumed(place, 2 * 16_384, now: server.now)
        #expect(server.sent() == [.windowUpdate(0, 40_960), .windowUpdate(1, 40_960)])
    }

    /// Where there is nothing to wait for, it is a reset, or nothing at all.
    @Test func whatIsNotAnsweredIsReset() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1, end: false) + Wire.headers(3))
        server.machine.leave(server.place(1))
        #expect(server.sent() == [.reset(1, .noError)])
        server.machine.sentHeaders(server.place(3), endStream: true)
        server.machine.leave(server.place(3))
        #expect(server.sent() == [] && server.machine.streamCount == 0)
    }

    @Test func itCountsAsAStream() {
        let server = answered(on: Endpoint.settled { $0.maxStreams = 1 })
        server.machine.leave(server.place(1))
        server.receive(Wire.headers(3))
        #expect(server.sent() == [.reset(3, .refusedStream)])
        server.machine.finish(.noError)
        #expect(!server.isFinished)
        server.receive(Wire.data(1, [], end: true))
        #expect(server.isFinished)
    }

    /// The client may break rules on it as on any other.
    @Test func aBrokenRuleIsAReset() {
        let server = answered()
        server.machine.setContentLength(server.place(1), 0)
        server.machine.leave(server.place(1))
        let seen = server.receive(Wire.data(1, [1]))
        #expect(seen == [.reset(.max, .protocolError, .contentTooLong)] && server.sent() == [.reset(1, .protocolError)])
    }
}
