// Content and its declared length (RFC 9113 section 8.1.1), and content in pieces.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct MessageTests {
    private func server(expecting length: UInt64) -> Endpoint {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1, end: false))
        server.machine.setContentLength(server.place(1), length)
        return server
    }

    @Test func contentOfItsLength() {
        for bytes in [
            Wire.data(1, [1, 2, 3], end: true), Wire.data(1, [1]) + Wire.data(1, [2, 3]) + Wire.data(1, [], end: true),
            Wire.padded(1, [1], padding: 3) + Wire.padded(1, [2, 3], padding: 0, end: true),
        ] {
            #expect(server(expecting: 3).receive(bytes) == [.data(1, [1, 2, 3], end: true)])
        }
        let data = Seen.data(1, [1, 2, 3], end: false)
        let trailers = Seen.headers(1, isNew: false, end: true, block: [0x82])
        #expect(server(expecting: 3).receive(Wire.data(1, [1, 2, 3]) + Wire.headers(1)) == [data, trailers])
        #expect(server(expecting: 0).receive(Wire.data(1, [], end: true)) == [.data(1, [], end: true)])
        #expect(server(expecting: .max).receive(Wire.data(1, [1])) == [.data(1, [1], end: false)])
    }

    @Test func contentOfAnotherLength() {
        let cases: [(UInt64, [UInt8], HTTP2Fault)] = [
            (3, Wire.data(1, [1, 2, 3, 4]), .contentTooLong),
            (3, Wire.data(1, [1, 2, 3, 4], end: true), .contentTooLong),
            (0, Wire.data(1, [1]), .contentTooLong),
            (3, Wire.data(1, [1, 2], end: true), .contentTooShort),
            (3, Wire.data(1, [], end: true), .contentTooShort),
            (3, Wire.padded(1, [1, 2], padding: 5, end: true), .contentTooShort),
            (.max, Wire.data(1, [1, 2], end: true), .contentTooShort),
        ]
        for (length, bytes, fault) in cases {
            let server = server(expecting: length)
            #expect(server.receive(bytes + Wire.ping()) == [.reset(1, .protocolError, fault)])
            let ping = SentFrame(.ping, flags: .ack, payload: [1, 2, 3, 4, 5, 6, 7, 8])
            #expect(server.sent() == [.reset(1, .protocolError), ping])
        }
        let ended = server(expecting: 3)
        let seen = ended.receive(Wire.data(1, [1]) + Wire.headers(1) + Wire.headers(3))
        #expect(seen.prefix(2) == [.data(1, [1], end: false), .discardedHeaders([0x82])])
        #expect(seen.dropFirst(2).first == .reset(1, .protocolError, .contentTooShort))
        #expect(ended.place(1) == -1 && ended.place(3) >= 0)
    }

    /// A driver gives a stream up between two pieces of a frame: what is left of it is read over.
    @Test func aStreamIsResetInTheMiddleOfAFrame() {
        for (isPadded, bySelf) in [(false, true), (true, true), (false, false)] {
            let server = Endpoint.settled()
            server.receive(Wire.headers(1, end: false))
            let content = [UInt8](repeating: 1, count: 1000)
            let data = isPadded ? Wire.padded(1, content, padding: 200, end: true) : Wire.data(1, content, end: true)
            #expect(server.receive(Array(data[..<300])).count == 1)
            if bySelf { server.machine.reset(server.place(1), .cancel) }
            let behind = server.receive(data[300...] + Wire.headers(3))
            let next = Seen.headers(3, isNew: true, end: true, block: [0x82])
            if bySelf { #expect(behind == [next]) } else { #expect(behind.last == next && behind.count == 2) }
        }
    }

    /// A stream that is broken by its trailers is given up by the driver while it decodes them.
    @Test func aRefusalSaysWhy() {
        let server = Endpoint.settled { $0.maxStreams = 1 }
        server.receive(Wire.headers(1))
        let bytes = Wire.headers(3)
        var position = 0
        let event = server.machine.next(in: bytes.span, from: &position, now: server.now)
        #expect(event == .discardedHeaders(block: .received(ByteRange(start: 9, count: 1)), refusal: .tooManyStreams))
    }

    @Test func aBrokenStreamIsResetByTheDriver() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1))
        var bytes = Wire.headers(1)
        var position = 0
        let event = server.machine.next(in: bytes.span, from: &position, now: server.now)
        #expect(event == .discardedHeaders(block: .received(ByteRange(start: 9, count: 1)), refusal: nil))
        server.machine.reset(server.place(1), .internalError)
        bytes = Wire.headers(3)
        #expect(server.receive(bytes) == [.headers(3, isNew: true, end: true, block: [0x82])])
        #expect(server.sent() == [.reset(1, .internalError)])
    }

    @Test func aGatheredBlockOfABrokenStream() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1))
        let block = Wire.frame(.headers, stream: 1, [1, 2]) + Wire.frame(.continuation, .endHeaders, stream: 1, [3])
        let seen = server.receive(block)
        #expect(seen == [.discardedHeaders([1, 2, 3]), .reset(1, .streamClosed, .frameAfterEnd)])
    }

    /// What stale handles do: nothing, to nobody else.
    @Test func streamsThatAreGone() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1, end: false) + Wire.data(1, [1, 2, 3]))
        let old = server.place(1)
        server.machine.reset(old, .cancel)
        server.receive(Wire.headers(3, end: false) + Wire.data(3, [1]))
        let new = server.place(3)
        #expect(old != new && old & 4095 == new & 4095)
        _ = server.sent()
        server.machine.consumed(old, 3, now: server.now)
        server.machine.setReady(old, .content)
        server.machine.setPriority(old, StreamPriority(urgency: 0, incremental: true))
        server.machine.setContentLength(old, 0)
        server.machine.receivedFinalHead(old)
        server.machine.setTag(old, 99)
        server.machine.reset(old, .cancel)
        server.machine.setReady(-1, .frames)
        #expect(!server.machine.isOpen(old) && server.machine.number(of: old) == 0 && server.machine.isOpen(new))
        #expect(server.machine.nextToSend() == nil && server.sent() == [])
        #expect(server.receive(Wire.data(3, [2], end: true)) == [.data(3, [2], end: true)])
        server.machine.consumed(new, 2, now: server.now)
    }
}
