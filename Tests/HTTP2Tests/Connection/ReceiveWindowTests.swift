// What may be received, and what is credited for it (RFC 9113 sections 5.2 and 6.9).

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct ReceiveWindowTests {
    /// A server with a stream 1 that expects content; windows do not grow.
    private func server(stream: Int = 100_000, connection: Int = 200_000) -> Endpoint {
        let server = Endpoint.settled {
            $0.streamWindow = stream
            $0.connectionWindow = connection
            $0.maxStreamWindow = 0
            $0.maxConnectionWindow = 0
        }
        server.receive(Wire.headers(1, end: false))
        return server
    }

    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    @Test func halfAWindowIsCredited() {
        let server = server()
        let place = server.place(1)
        for _ in 0..<6 { server.receive(Wire.data(1, zeros(16_000))) }
        #expect(server.sent() == [])
        server.machine.consumed(place, 49_999, now: server.now)
        #expect(server.sent() == [])
        server.machine.consumed(place, 1, now: server.now)
        #expect(server.sent() == [.windowUpdate(1, 50_000)])
        server.machine.consumed(place, 46_000, now: server.now)
        #expect(server.sent() == [])
        server.receive(Wire.data(1, zeros(4000)))
        server.machine.consumed(place, 4000, now: server.now)
        #expect(server.sent() == [.windowUpdate(0, 100_000), .windowUpdate(1, 50_000)])
    }

    /// What is credited can be used, to the byte.
    @Test func theWindowIsExact() {
        let server = server(stream: 10_000)
        server.receive(Wire.data(1, zeros(10_000)))
        server.machine.consumed(server.place(1), 6000, now: server.now)
        #expect(server.sent() == [.windowUpdate(1, 6000)])
        #expect(server.receive(Wire.data(1, zeros(6000))).count == 1)
        #expect(server.receive(Wire.data(1, [])) == [])
        #expect(server.receive(Wire.data(1, [1])) == [.reset(1, .flowControlError, .streamWindowExceeded)])
    }

    @Test func paddingIsCreditedAtOnce() {
        let server = server(stream: 1000)
        let place = server.place(1)
        for _ in 0..<4 { server.receive(Wire.padded(1, [1, 2], padding: 124)) }
        #expect(server.sent() == [.windowUpdate(1, 500)])
        server.machine.consumed(place, 8, now: server.now)
        #expect(server.sent() == [])
    }

    /// Who may send all that its Content-Length says need not be told that it may send more.
    @Test func nothingIsCreditedThatIsNotNeeded() {
        for (length, credited) in [(100_000, false), (100_001, true), (150_000, true)] {
            let server = server(connection: 1 << 20)
            let place = server.place(1)
            server.machine.setContentLength(place, UInt64(length))
            for _ in 0..<4 { server.receive(Wire.data(1, zeros(16_000))) }
            server.machine.consumed(place, 64_000, now: server.now)
            #expect(server.sent() == (credited ? [.windowUpdate(1, 64_000)] : []))
            // Nothing is lost: the rest fits.
            server.receive(Wire.data(1, zeros(16_000)) + Wire.data(1, zeros(16_000)))
            server.machine.consumed(place, 32_000, now: server.now)
            let rest = length - 96_000
            for start in stride(from: 0, to: rest, by: 16_384) {
                let events = server.receive(Wire.data(1, zeros(min(16_384, rest - start)), end: start + 16_384 >= rest))
                #expect(events.count == 1)
            }
            #expect(server.machine.isOpen(place) == true)
        }
    }

    @Test func nothingIsCreditedBehindTheEnd() {
        let server = server(stream: 1000, connection: 65_535)
        let place = server.place(1)
        server.receive(Wire.data(1, zeros(900), end: true))
        server.machine.consumed(place, 900, now: server.now)
        #expect(server.sent() == [])
        for stream in stride(from: UInt32(3), to: 76, by: 2) {
            server.receive(Wire.headers(stream, end: false) + Wire.data(stream, zeros(900), end: true))
            server.machine.consumed(server.place(stream), 900, now: server.now)
        }
        #expect(server.sent() == [.windowUpdate(0, 33_300)])
    }

    /// Content that is not consumed when its stream is reset is credited: it would be lost to the connection.
    @Test func aResetCreditsTheConnection() {
        for way in 0..<4 {
            let server = server(stream: 65_535, connection: 65_535)
            for _ in 0..<2 { server.receive(Wire.data(1, zeros(16_384))) }
            server.machine.consumed(server.place(1), 100, now: server.now)
            switch way {
            case 0: server.machine.reset(server.place(1), .cancel)
            case 1: server.receive(Wire.reset(1))
            case 2: server.receive(Wire.windowUpdate(1, 0))
            default:
                server.receive(Array(Wire.data(1, zeros(10_000))[..<20]))  // Half of a frame counts as a whole one.
                server.machine.reset(server.place(1), .cancel)
            }
            let expected: UInt32 = way == 3 ? 42_768 : 32_768
            #expect(server.sent().filter { $0.type == 8 } == [.windowUpdate(0, expected)])
        }
    }

    /// What is thrown away counts for the connection, and is credited.
    @Test func contentForAStreamThatIsGone() {
        let server = server(connection: 65_535)
        server.machine.reset(server.place(1), .cancel)
        #expect(server.sent() == [.reset(1, .cancel)])
        for _ in 0..<2 { #expect(server.receive(Wire.data(1, zeros(16_384))) == []) }
        #expect(server.sent() == [.windowUpdate(0, 32_768)])
        for _ in 0..<20 { #expect(server.receive(Wire.data(1, zeros(16_384), end: true)) == []) }
        #expect(server.sent().count == 10)
    }

    /// A client's content waits here until it is consumed, though the stream is over for the protocol.
    @Test func aStreamWhoseContentIsStillThere() {
        for gives in [true, false] {
            let client = Endpoint.settled(.client) {
                $0.connectionWindow = 65_535
                $0.maxConnectionWindow = 0
            }
            client.request()
            client.receive(Wire.headers(1, end: false))
            client.expectContent(1)
            let place = client.place(1)
            for index in 0..<3 { client.receive(Wire.data(1, zeros(16_384), end: index == 2)) }
            #expect(client.machine.streamCount == 0 && client.machine.isOpen(place) && client.sent() == [])
            #expect(client.machine.stream(at: 0) == place)
            // It does not stand in the way of others, nor of frames for it.
            #expect(client.request() == 3 && client.machine.streamCount == 1)
            #expect(client.receive(Wire.reset(1) + Wire.windowUpdate(1, 1)) == [])
            if gives {
                client.machine.consumed(place, 16_384, now: client.now)
                client.machine.consumed(place, 32_768, now: client.now)
            } else {
                client.machine.reset(place, .cancel)
            }
            #expect(client.machine.isOpen(place) == false)
            #expect(client.sent() == [.windowUpdate(0, 49_152)])
        }
    }

    /// A peer that does not know yet of a window below the usual one may send more.
    @Test func aSmallWindowBeforeItIsKnown() {
        let server = Endpoint(.server) { $0.streamWindow = 1000 }
        server.receive(Wire.preface + Wire.settings() + Wire.headers(1, end: false))
        for _ in 0..<3 { #expect(server.receive(Wire.data(1, zeros(16_000))).count == 1) }
        server.receive(Wire.settingsAck)
        #expect(server.receive(Wire.headers(3, end: false) + Wire.data(3, zeros(1001))).count == 2)
        #expect(server.receive(Wire.data(1, [])) == [])
        _ = server.sent()
        // The windows add up again when all has been consumed.
        server.machine.consumed(server.place(1), 48_000, now: server.now + 1000)
        #expect(server.sent().filter { $0.stream == 1 } == [.windowUpdate(1, 48_000)])
        #expect(server.receive(Wire.data(1, zeros(1000))).count == 1)
        #expect(server.receive(Wire.data(1, [1])) == [.reset(1, .flowControlError, .streamWindowExceeded)])
    }
}

struct GrowingWindowTests {
    /// A server whose peer is 50 ms away.
    private func server() -> Endpoint {
        let server = Endpoint(.server) {
            $0.streamWindow = 20_000
            $0.maxStreamWindow = 70_000
            $0.connectionWindow = 100_000
            $0.maxConnectionWindow = 150_000
        }
        server.now += 50
        server.receive(Wire.preface + Wire.settings() + Wire.settingsAck + Wire.headers(1, end: false))
        _ = server.sent()
        return server
    }

    /// Half a window comes and is consumed; the increments that are told, by stream.
    private func half(_ server: Endpoint, _ count: Int, after time: UInt64) -> [UInt32: UInt32] {
        server.now += time
        var rest = count
        while rest > 0 {
            server.receive(Wire.data(1, [UInt8](repeating: 0, count: min(rest, 16_384))))
            rest -= min(rest, 16_384)
        }
        server.machine.consumed(server.place(1), count, now: server.now)
        let updates = server.sent().map { ($0.stream, $0.payload.reduce(0) { $0 << 8 | UInt32($1) }) }
        return Dictionary(uniqueKeysWithValues: updates)
    }

    @Test func aWindowThatHoldsThePeerBackGrows() {
        let server = server()
        #expect(half(server, 10_000, after: 50) == [1: 30_000])
        #expect(half(server, 20_000, after: 30) == [1: 50_000])
        // The most it may become.
        #expect(half(server, 35_000, after: 10) == [1: 35_000, 0: 65_000])
        #expect(half(server, 35_000, after: 10) == [1: 35_000])
        #expect(half(server, 40_000, after: 10) == [1: 40_000, 0: 125_000])
    }

    @Test func aWindowThatDoesNotStaysAsItIs() {
        let server = server()
        for _ in 0..<4 { #expect(half(server, 10_000, after: 51) == [1: 10_000]) }
        #expect(half(server, 10_000, after: 51) == [1: 10_000, 0: 50_000])
        // Fast again.
        #expect(half(server, 10_000, after: 50) == [1: 30_000])
    }

    @Test func noWindowIsAboveTheMost() {
        var window = ReceiveWindow(size: 0x4000_0001, available: 0x4000_0001, now: 0)
        let most = 0x7FFF_FFFF
        func take(_ count: Int) -> Bool { window.take(count) }
        func give(_ count: Int) -> UInt32 { window.give(count, now: 1, roundTrip: 1, most: most) }
        for _ in 0..<64 {
            let isTaken = take(0x80_0000)
            let increment = give(0x7F_0000)
            #expect(isTaken && increment == 0)
        }
        let almost = give(0x3F_FFFF)
        let half = give(1)
        #expect(almost == 0 && half == 0x2000_0000 + 0x3FFF_FFFE)
        #expect(Int(window.available) == most && Int(window.size) == most)
        let isTaken = (take(most), take(1), take(0))
        #expect(isTaken == (true, false, true))
        let all = give(most)
        #expect(all == UInt32(most) && Int(window.available) == most)
    }
}
