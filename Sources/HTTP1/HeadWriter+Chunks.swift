// The chunked transfer coding on the way out (RFC 9112 section 7.1).

import MartletHTTPCore

extension HeadWriter {
    /// Writes the line before a chunk of `size` (1 or more) bytes.
    package mutating func chunkHead(size: Int) {
        write(hex: UInt64(size), digits: ByteNumber.hexDigits(UInt64(size)))
        write("\r\n")
    }

    /// Writes what stands behind a chunk's data.
    package mutating func chunkEnd() {
        write("\r\n")
    }

    /// Writes the end of content without trailers.
    package mutating func lastChunk() {
        write("0\r\n\r\n")
    }

    /// Writes the end of content with the lines of `table` as trailers, except those that do not pass.
    package mutating func trailers(_ table: borrowing FieldTable, in arena: Span<UInt8>) {
        write("0\r\n")
        fields(table, in: arena)
        write("\r\n")
    }
}

/// The line before a chunk, written into room that was left in front of its data.
package enum ChunkFraming {
    /// The most bytes of a chunk's line: 16 digits, CR and LF.
    package static let longestHead = 18

    /// How many bytes the line before a chunk of `size` bytes takes.
    package static func headLength(size: Int) -> Int {
        ByteNumber.hexDigits(UInt64(size)) + 2
    }

    /// Writes the line before a chunk of `size` (1 or more) bytes so that it ends right before index `end`, and tells
    /// where it begins. Traps when there is no room for it.
    package static func writeHead(size: Int, endingAt end: Int, in bytes: inout MutableSpan<UInt8>) -> Int {
        bytes[end - 1] = 0x0A
        bytes[end - 2] = 0x0D
        var start = end - 2
        var rest = UInt64(size)
        repeat {
            start -= 1
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            bytes[start] = digit < 10 ? 0x30 + digit : 0x57 + digit
            rest >>= 4
        } while rest > 0
        return start
    }
}
