// The way of requests and responses that nobody disturbs, in both roles.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct BasicTests {
    @Test func whatAServerSaysFirst() {
        let server = Endpoint(.server)
        let frames = server.sent()
        #expect(frames.map(\.type) == [FrameType.settings.rawValue, FrameType.windowUpdate.rawValue])
        #expect(settings(frames[0]) == [1: 4096, 4: 262_144, 5: 16_384, 6: 32_768, 9: 1, 3: 128])
        #expect(frames[1] == .windowUpdate(0, (1 << 20) - 65_535))
        let connecting = Endpoint(.server) { $0.enablesConnect = true }
        #expect(settings(connecting.sent()[0])[8] == 1)
    }

    @Test func whatAClientSaysFirst() {
        let client = Endpoint(.client) { $0.connectionWindow = 65_535 }
        let bytes = client.output()
        #expect(Array(bytes.prefix(24)) == Wire.preface)
        let frames = SentFrame.all(in: Array(bytes.dropFirst(24)))
        #expect(frames.count == 1)
        #expect(settings(frames[0]) == [1: 4096, 4: 262_144, 5: 16_384, 6: 32_768, 9: 1, 2: 0])
    }

    private func settings(_ frame: SentFrame) -> [Int: Int] {
        var settings: [Int: Int] = [:]
        for start in stride(from: 0, to: frame.payload.count, by: 6) {
            let bytes = frame.payload[start..<start + 6].map { Int($0) }
            settings[bytes[0] << 8 | bytes[1]] = bytes[2] << 24 | bytes[3] << 16 | bytes[4] << 8 | bytes[5]
        }
        return settings
    }

    @Test func aRequestWithoutContent() {
        let server = Endpoint.settled()
        #expect(server.receive(Wire.headers(1)) == [.headers(1, isNew: true, end: true, block: [0x82])])
        let place = server.place(1)
        #expect(server.machine.streamCount == 1)
        server.machine.setReady(place, .frames)
        #expect(server.machine.nextToSend() == place)
        var frames = server.machine.headerFrames(place, blockBytes: 3, endStream: false)
        let frame = frames.next()
        #expect(frame?.header == FrameHeader(.headers, .endHeaders, stream: 1, length: 3))
        #expect(frame?.range == ByteRange(start: 0, count: 3) && frames.next() == nil)
        server.machine.sentHeaders(place, endStream: false)
        server.machine.setReady(place, .content)
        #expect(server.machine.nextToSend() == place && server.machine.allowance(place) == 16_384)
        #expect(server.machine.dataFrame(place, 5, endStream: true).flags == .endStream)
        server.machine.sentData(place, 5, endStream: true)
        #expect(server.machine.nextToSend() == nil && server.machine.streamCount == 0)
        #expect(!server.machine.isOpen(place) && server.machine.tag(place) == 1 && server.machine.places == 8)
        #expect(server.sent() == [] && !server.isFinished)
    }

    @Test func aRequestWithContentAndTrailers() {
        let server = Endpoint.settled()
        #expect(server.receive(Wire.headers(1, end: false)) == [.headers(1, isNew: true, end: false, block: [0x82])])
        let place = server.place(1)
        server.machine.setContentLength(place, 7)
        #expect(server.receive(Wire.data(1, [1, 2, 3])) == [.data(1, [1, 2, 3], end: false)])
        #expect(server.receive(Wire.padded(1, [4, 5, 6, 7], padding: 9)) == [.data(1, [4, 5, 6, 7], end: false)])
        #expect(server.receive(Wire.headers(1, block: [9])) == [.headers(1, isNew: false, end: true, block: [9])])
        server.machine.consumed(place, 7, now: server.now)
        server.machine.sentHeaders(place, endStream: true)
        #expect(server.machine.streamCount == 0 && !server.machine.isOpen(place) && server.sent() == [])
    }

    @Test func aClientsRequest() {
        let client = Endpoint.settled(.client)
        #expect(client.request() == 1 && client.request(end: false) == 3)
        #expect(client.receive(Wire.headers(3, end: false)) == [.headers(3, isNew: true, end: false, block: [0x82])])
        // The first one was interim.
        #expect(client.receive(Wire.headers(3, end: false)) == [.headers(3, isNew: false, end: false, block: [0x82])])
        client.expectContent(3)
        #expect(client.receive(Wire.data(3, [1], end: true)) == [.data(3, [1], end: true)])
        #expect(client.receive(Wire.headers(1)) == [.headers(1, isNew: true, end: true, block: [0x82])])
        #expect(client.machine.streamCount == 1)
        client.machine.sentData(client.place(3), 0, endStream: true)
        #expect(client.machine.streamCount == 0 && client.machine.isOpen(client.place(3)))
        client.machine.consumed(client.place(3), 1, now: client.now)
        #expect(client.place(3) == -1 && client.sent() == [])
    }

    @Test func theEndWithoutContent() {
        for padding in [nil, 0, 1, 255] {
            let server = Endpoint.settled()
            server.receive(Wire.headers(1, end: false))
            let data = padding.map { Wire.padded(1, [], padding: $0, end: true) } ?? Wire.data(1, [], end: true)
            #expect(server.receive(data) == [.data(1, [], end: true)])
            #expect(server.receive(Wire.headers(3)) == [.headers(3, isNew: true, end: true, block: [0x82])])
        }
    }

    @Test func padding() {
        let server = Endpoint.settled()
        let payload: [UInt8] = [2, 0x82, 0x84, 0, 0]
        let headers = Wire.frame(.headers, [.padded, .endHeaders], stream: 1, payload)
        #expect(server.receive(headers) == [.headers(1, isNew: true, end: false, block: [0x82, 0x84])])
        let prioritized = Wire.frame(
            .headers, [.padded, .priority, .endHeaders, .endStream], stream: 3, [1, 0x80, 0, 0, 1, 20, 0x82, 0])
        #expect(server.receive(prioritized) == [.headers(3, isNew: true, end: true, block: [0x82])])
        let bare = Wire.frame(.headers, [.priority, .endHeaders], stream: 5, [0, 0, 0, 0, 0])
        #expect(server.receive(bare) == [.headers(5, isNew: true, end: false, block: [])])
    }

    @Test func whatIsUnknownIsReadOver() {
        let server = Endpoint.settled()
        let unknown = Wire.frame(0x42, flags: 255, stream: 7, [UInt8](repeating: 1, count: 5000))
        #expect(server.receive(unknown + Wire.frame(200) + Wire.headers(1)).count == 1)
        // Flags without a meaning, the reserved bit of a stream's number, unknown settings, unknown codes.
        #expect(server.receive(Wire.frame(6, flags: 0xFE, [1, 2, 3, 4, 5, 6, 7, 8])) == [])
        #expect(server.sent() == [SentFrame(.ping, flags: .ack, payload: [1, 2, 3, 4, 5, 6, 7, 8])])
        #expect(server.receive(Wire.frame(1, flags: 0xD7 & ~0x28, stream: 0x8000_0003, [0x82])).count == 1)
        #expect(server.receive(Wire.rawSettings([(7, 1), (0, 0), (0xFFFF, 5)])) == [.settings])
        #expect(server.receive(Wire.reset(1, HTTP2ErrorCode(rawValue: 77))).count == 1)
        #expect(server.receive(Wire.goAway(0, HTTP2ErrorCode(rawValue: 99), debug: [1, 2])).count == 1)
    }
}
