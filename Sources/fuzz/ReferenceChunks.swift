// A second decoder of chunks, by the letter of RFC 9112 section 7.1 and with all bytes at hand.

/// What the second decoder makes of bytes.
enum ReferenceChunks: Equatable {
    /// Content, trailer section with its blank line (empty if that is all of it), and bytes of the whole.
    case complete(content: [UInt8], trailers: [UInt8], length: Int)
    /// A line that is there as a whole is malformed, or data does not end with CR LF.
    case malformed
    /// More bytes are needed, if they can still help.
    case incomplete

    init(_ bytes: [UInt8]) {
        var content: [UInt8] = []
        var position = 0
        self = .incomplete
        while let line = ReferenceHead.line(in: bytes, from: position) {
            guard let size = Self.size(line) else {
                self = .malformed
                return
            }
            position += line.count + 2
            if size == 0 {
                self = Self.end(bytes, position, content)
                return
            }
            guard size <= bytes.count - position - 2 else { return }
            content += bytes[position..<position + size]
            position += size + 2
            guard bytes[position - 2] == 0x0D, bytes[position - 1] == 0x0A else {
                self = .malformed
                return
            }
        }
    }

    /// The size in a chunk's line; nil if it is malformed.
    private static func size(_ line: [UInt8]) -> Int? {
        let digits = line.prefix { $0 != 0x3B }
        let isNumber = digits.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
        }
        guard isNumber, (1...16).contains(digits.count), line.allSatisfy(ReferenceHead.isText) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func end(_ bytes: [UInt8], _ start: Int, _ content: [UInt8]) -> ReferenceChunks {
        var position = start
        while let line = ReferenceHead.line(in: bytes, from: position) {
            // A bare CR or LF in a trailer line.
            guard !line.contains(0x0D), !line.contains(0x0A) else { return .malformed }
            position += line.count + 2
            guard line.isEmpty else { continue }
            let trailers = position - start == 2 ? [] : Array(bytes[start..<position])
            return .complete(content: content, trailers: trailers, length: position)
        }
        return .incomplete
    }
}
