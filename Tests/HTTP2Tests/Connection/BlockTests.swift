// Field blocks in several frames (RFC 9113 section 6.10).

import MartletHTTP2
import MartletHTTPCore
import Testing

struct BlockTests {
    /// A block of 1...n in frames of these sizes, the first of them HEADERS with `flags` and what stands around the
    /// fragment.
    private func frames(_ stream: UInt32, _ sizes: [Int], end: Bool = true, padding: Int? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        var next: UInt8 = 1
        for (index, size) in sizes.enumerated() {
            let fragment = (0..<size).map { next &+ UInt8($0) }
            next &+= UInt8(size)
            var flags: FrameFlags = index == sizes.count - 1 ? .endHeaders : []
            if index > 0 {
                bytes += Wire.frame(.continuation, flags, stream: stream, fragment)
                continue
            }
            if end { flags.insert(.endStream) }
            if padding != nil { flags.formUnion([.padded, .priority]) }
            let front: [UInt8] = padding.map { [UInt8($0), 0, 0, 0, 0, 7] } ?? []
            let back = [UInt8](repeating: 0, count: padding ?? 0)
            bytes += Wire.frame(.headers, flags, stream: stream, front + fragment + back)
        }
        return bytes
    }

    private func block(_ count: UInt8) -> [UInt8] { Array(1...count) }

    @Test(arguments: [[3, 4], [0, 7], [7, 0], [1, 1, 1, 1, 1, 1, 1], [0, 0, 7], [2, 0, 5]])
    func inFrames(sizes: [Int]) {
        let head = Seen.headers(1, isNew: true, end: true, block: block(7))
        #expect(Endpoint.settled().receive(frames(1, sizes)) == [head])
        #expect(Endpoint.settled().receive(frames(1, sizes, padding: 9)) == [head])
        let bytes = frames(1, sizes, padding: 2) + Wire.ping()
        for cut in bytes.indices {
            let server = Endpoint.settled()
            #expect(server.receive(Array(bytes[..<cut])) + server.receive(Array(bytes[cut...])) == [head])
            #expect(server.sent().count == 1)
        }
    }

    /// One after the other, and between whole ones; trailers too.
    @Test func severalBlocks() {
        let server = Endpoint.settled()
        let bytes =
            frames(1, [2, 1], end: false) + Wire.headers(3) + frames(5, [1, 1, 1]) + frames(1, [4, 5])
            + Wire.headers(7)
        #expect(
            server.receive(bytes) == [
                .headers(1, isNew: true, end: false, block: block(3)),
                .headers(3, isNew: true, end: true, block: [0x82]),
                .headers(5, isNew: true, end: true, block: block(3)),
                .headers(1, isNew: false, end: true, block: block(9)),
                .headers(7, isNew: true, end: true, block: [0x82]),
            ])
    }

    /// A block is decoded even if it is of no use, also when it comes in frames.
    @Test func blocksOfNoUse() {
        let server = Endpoint.settled { $0.maxStreams = 1 }
        server.receive(Wire.headers(1))
        #expect(server.receive(frames(3, [2, 1])) == [.discardedHeaders(block(3))])
        #expect(server.sent() == [.reset(3, .refusedStream)])
        #expect(server.receive(frames(3, [2, 1])) == [.discardedHeaders(block(3))] && server.sent() == [])
        let client = Endpoint.settled(.client)
        #expect(client.receive(frames(2, [1, 1])) == [.failed(.frameOnIdleStream)])
    }

    /// A stream that the driver gives up while its trailers are incomplete.
    @Test func aStreamThatIsResetWithinItsTrailers() {
        let server = Endpoint.settled()
        server.receive(Wire.headers(1, end: false))
        let bytes = frames(1, [2, 1])
        #expect(server.receive(Array(bytes[..<12])) == [])
        server.machine.reset(server.place(1), .cancel)
        #expect(server.receive(Array(bytes[12...])) == [.discardedHeaders(block(3))])
        #expect(server.sent() == [.reset(1, .cancel)])
    }

    @Test func aLargeBlock() {
        let server = Endpoint.settled { $0.blockBytes = 40_000 }
        let part = [UInt8](repeating: 5, count: 10_000)
        let parts =
            Wire.frame(.headers, stream: 1, part) + Wire.frame(.continuation, stream: 1, part)
            + Wire.frame(.continuation, stream: 1, part)
        let whole = Wire.frame(.continuation, .endHeaders, stream: 1, part)
        let head = Seen.headers(1, isNew: true, end: false, block: part + part + part + part)
        #expect(server.receive(parts + whole) == [head])
        // Its memory is given back.
        #expect(server.gatheredBytes == 0)
        let larger = Endpoint.settled { $0.blockBytes = 39_999 }
        #expect(larger.receive(parts + whole) == [.failed(.blockTooLarge)])
    }
}
