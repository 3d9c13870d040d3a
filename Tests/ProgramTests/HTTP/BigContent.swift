// Content of many MiB that is different everywhere, made and checked piece by piece: neither side holds it as a whole.
import Foundation
import MartletTestSupport

enum BigContent {
    static let blockBytes = 65_536
    static let blocks = 1_024
    /// 64 MiB.
    static var bytes: Int { blockBytes * blocks }

    private static let base: [UInt8] = {
        var random = SeededRandom(seed: 64)
        return (0..<blockBytes / 4).flatMap { _ in withBytes(of: random.next()) }
    }()

    private static func withBytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// A block, another for each index, so that one that is lost, doubled or out of place is noticed.
    static func block(_ index: Int) -> ArraySlice<UInt8> {
        let offset = index &* 7_919 % blockBytes
        return base[offset..<offset + blockBytes]
    }
}

/// Compares a stream with what it should be.
struct BigContentCheck {
    private(set) var position = 0

    /// - Throws: when the next bytes are not those.
    mutating func take(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = BigContent.block(position / BigContent.blockBytes).dropFirst(position % BigContent.blockBytes)
            let count = min(rest.count, block.count)
            // Data, because comparing arrays without optimisation takes minutes.
            if Data(rest.prefix(count)) != Data(block.prefix(count)) {
                throw TestFailure("wrong bytes at \(position)")
            }
            position += count
            rest = rest.dropFirst(count)
        }
    }
}

extension TestSocket {
    /// Sends all of the big content.
    /// - Parameter piece: how many bytes at a time.
    func sendBigContent(chunked: Bool, piece: Int = BigContent.blockBytes) throws {
        for index in 0..<BigContent.blocks {
            var rest = BigContent.block(index)
            while !rest.isEmpty {
                let bytes = Array(rest.prefix(piece))
                rest = rest.dropFirst(piece)
                try send(chunked ? Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10] : bytes)
            }
        }
        if chunked { try send("0\r\n\r\n") }
    }

    /// Receives content and checks it.
    /// - Parameter piece: how many bytes at a time, where the content has a length.
    func receiveBigContent(of message: some HTTPMessage, piece: Int = BigContent.blockBytes) throws {
        var check = BigContentCheck()
        if let length = message["Content-Length"].flatMap({ Int($0) }) {
            while check.position < length { try check.take(receive(exactly: min(piece, length - check.position))) }
        } else {
            try receiveChunks { try check.take($0) }
        }
        if check.position != BigContent.bytes { throw TestFailure("\(check.position) bytes have come") }
    }

    /// Receives chunks to their end, without trailers.
    func receiveChunks(_ take: ([UInt8]) throws -> Void) throws {
        while let size = Int(try receive(until: "\r\n").dropLast(1), radix: 16) {
            if size > 0 { try take(receive(exactly: size)) }
            if try receive(until: "\r\n") != "\r\n" { throw TestFailure("a chunk is longer than its size") }
            if size == 0 { return }
        }
        throw TestFailure("not a chunk size")
    }

    /// Reads a response's head and leaves its content.
    func readResponseHead() throws -> HTTPResponse { try readResponse(to: "HEAD") }
}
