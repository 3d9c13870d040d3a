// What may be sent (RFC 9113 section 6.9).

import MartletHTTP2
import MartletHTTPCore
import Testing

struct SendWindowTests {
    /// A server with so many requests that wait for their content.
    private func server(_ requests: UInt32 = 1, peer: [(SettingNumber, UInt32)] = []) -> Endpoint {
        let server = Endpoint.settled(peer: peer)
        for index in 0..<requests {
            server.receive(Wire.headers(2 * index + 1))
            server.machine.setReady(server.place(2 * index + 1), .content)
        }
        return server
    }

    @Test func aStreamsWindow() {
        let server = server(peer: [(.initialWindowSize, 10)])
        let place = server.place(1)
        #expect(server.machine.allowance(place) == 10)
        server.machine.sentData(place, 4, endStream: false)
        #expect(server.machine.allowance(place) == 6 && server.machine.nextToSend() == place)
        server.machine.sentData(place, 6, endStream: false)
        #expect(server.machine.allowance(place) == 0 && server.machine.nextToSend() == nil)
        #expect(server.isWindowClosed(1) && !server.isWindowClosed(3))
        #expect(server.receive(Wire.windowUpdate(0, 5)) == [])
        #expect(server.receive(Wire.windowUpdate(1, 5)) == [.windowOpened])
        #expect(server.machine.nextToSend() == place && server.machine.allowance(place) == 5)
        // It is open already.
        #expect(server.receive(Wire.windowUpdate(1, 5)) == [] && server.machine.allowance(place) == 10)
        server.machine.sentData(place, 10, endStream: false)
        // What needs no window does not wait.
        server.machine.setReady(place, .frames)
        #expect(server.machine.nextToSend() == place)
        server.machine.sentData(place, 0, endStream: true)
        #expect(server.machine.nextToSend() == nil && server.machine.streamCount == 0)
    }

    @Test func theConnectionsWindow() {
        let server = server(2, peer: [(.initialWindowSize, 100_000)])
        let (one, two) = (server.place(1), server.place(3))
        for _ in 0..<3 { server.machine.sentData(one, 16_384, endStream: false) }
        #expect(server.machine.allowance(two) == 16_383)
        server.machine.sentData(two, 16_383, endStream: false)
        #expect(server.machine.allowance(one) == 0 && server.machine.nextToSend() == nil && !server.isWindowClosed(1))
        server.machine.setReady(two, .frames)
        #expect(server.machine.nextToSend() == two)
        server.machine.setReady(two, .nothing)
        #expect(server.receive(Wire.windowUpdate(1, 7)) == [])
        #expect(server.receive(Wire.windowUpdate(0, 7)) == [.windowOpened])
        #expect(server.machine.nextToSend() == one && server.machine.allowance(one) == 7)
        server.machine.sentData(one, 7, endStream: false)
        server.machine.setReady(one, .nothing)
        #expect(server.receive(Wire.windowUpdate(0, 7)) == [])
    }

    @Test func theLargestFrame() {
        let server = server(peer: [(.initialWindowSize, 1_000_000), (.maxFrameSize, 50_000)])
        let place = server.place(1)
        #expect(server.machine.allowance(place) == 50_000)
        #expect(server.receive(Wire.settings([(.maxFrameSize, 16_384)])) == [.settings])
        #expect(server.machine.allowance(place) == 16_384)
    }

    /// Windows may be below zero (section 6.9.2).
    @Test func theInitialWindowMoves() {
        let server = server(2, peer: [(.initialWindowSize, 100)])
        let (one, two) = (server.place(1), server.place(3))
        server.machine.sentData(one, 80, endStream: false)
        server.receive(Wire.settings([(.initialWindowSize, 30)]))
        #expect(server.machine.allowance(one) == 0 && server.machine.allowance(two) == 30)
        #expect(server.sendAll(upTo: 30).map(\.0) == [3])
        #expect(server.receive(Wire.windowUpdate(1, 50)) == [] && server.machine.nextToSend() == nil)
        #expect(server.receive(Wire.windowUpdate(1, 1)) == [.windowOpened])
        #expect(server.machine.allowance(one) == 1)
        // The change of all windows by SETTINGS, in one frame the last value counts.
        server.receive(Wire.settings([(.initialWindowSize, 0), (.initialWindowSize, 40)]))
        #expect(server.machine.allowance(one) == 11 && server.machine.allowance(two) == 10)
        server.receive(Wire.headers(5))
        #expect(server.machine.allowance(server.place(5)) == 40)
        server.receive(Wire.settings([(.initialWindowSize, 0x7FFF_FFFF)]))
        #expect(server.machine.allowance(one) == 16_384)
    }

    @Test func theLargestWindows() {
        let server = server(peer: [(.initialWindowSize, 0x7FFF_FFFF)])
        #expect(server.receive(Wire.windowUpdate(0, 0x7FFF_0000)) == [])
        #expect(server.machine.allowance(server.place(1)) == 16_384)
        #expect(server.receive(Wire.windowUpdate(1, 1)) == [.reset(1, .flowControlError, .streamWindowOverflow)])
        #expect(server.receive(Wire.windowUpdate(0, 1)) == [.failed(.connectionWindowOverflow)])
    }

    /// An empty frame needs no window, whatever it is.
    @Test func endsNeedNoWindow() {
        let server = server(peer: [(.initialWindowSize, 0)])
        let place = server.place(1)
        #expect(server.machine.nextToSend() == nil && server.machine.allowance(place) == 0)
        server.machine.sentData(place, 0, endStream: true)
        #expect(server.machine.streamCount == 0)
    }

    @Test func aClientsStreamsBeforeTheServersSettings() {
        let client = Endpoint(.client)
        guard let place = client.machine.open() else {
            Issue.record("no stream")
            return
        }
        client.machine.setReady(place, .content)
        #expect(client.machine.number(of: place) == 0 && client.machine.allowance(place) == 16_384)
        client.receive(Wire.settings([(.initialWindowSize, 9)]))
        #expect(client.machine.allowance(place) == 9)
    }
}
