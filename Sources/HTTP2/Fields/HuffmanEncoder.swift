// Bytes become string literals, coded if that is shorter (RFC 7541 section 5.2).

import MartletHTTPCore

/// The codes as they are written. A value of a pointer, made once.
struct HuffmanEncoder: BitwiseCopyable, Sendable {
    /// For each byte the length of its code in the low byte, and the code above.
    private let codes: LastingTable<UInt64>

    static let shared = HuffmanEncoder()

    private init() {
        codes = LastingTable(HuffmanCode.codes.prefix(256).map { UInt64($0.bits) << 8 | UInt64($0.length) })
    }

    @inline(__always)
    func code(of byte: UInt8) -> UInt64 { codes.span[Int(byte)] }

    /// How many bytes `text` has when it is coded.
    func length(of text: Span<UInt8>) -> Int {
        var bits = 0
        for index in text.indices { bits &+= Int(code(of: text[index]) & 0xFF) }
        return (bits &+ 7) &>> 3
    }
}

extension HeadWriter {
    /// The longest string whose length, coded or not, fits in the one byte before it.
    private static var shortest: Int { 126 }

    /// Writes a string literal.
    @inline(__always)
    mutating func write(string text: Span<UInt8>, _ encoder: HuffmanEncoder) {
        guard reserve(text.count &+ 16) else { return }
        if text.count <= Self.shortest {
            writeShort(text, encoder)
        } else {
            writeLong(text, encoder)
        }
    }

    /// The same for a string in lower case, which names are. None is long.
    mutating func write(name: Span<UInt8>, _ encoder: HuffmanEncoder) {
        var lowercase = InlineArray<126, UInt8>(repeating: 0)
        guard name.count <= Self.shortest else { return writeLongName(name) }
        for index in name.indices { lowercase[index] = ByteScan.lowercased(name[index]) }
        write(string: lowercase.span.extracting(first: name.count), encoder)
    }

    /// A name that nobody uses, as it is but in lower case.
    private mutating func writeLongName(_ name: Span<UInt8>) {
        write(integer: name.count, mask: 0x7F, pattern: 0)
        for index in name.indices { write(byte: ByteScan.lowercased(name[index])) }
    }

    /// Tries to code the string, and writes it as it is if that turns out not to be shorter.
    @inline(__always)
    private mutating func writeShort(_ text: Span<UInt8>, _ encoder: HuffmanEncoder) {
        let start = count
        let end = putCodes(of: text, encoder, at: start &+ 1, most: text.count)
        let length = end &- start &- 1
        if length < text.count {
            store(byte: 0x80 | UInt8(truncatingIfNeeded: length), at: start)
            extend(to: end)
        } else {
            write(byte: UInt8(truncatingIfNeeded: text.count))
            write(text)
        }
    }

    @inline(never)
    private mutating func writeLong(_ text: Span<UInt8>, _ encoder: HuffmanEncoder) {
        let length = encoder.length(of: text)
        if length < text.count {
            write(integer: length, mask: 0x7F, pattern: 0x80)
            extend(to: putCodes(of: text, encoder, at: count, most: text.count))
        } else {
            write(integer: text.count, mask: 0x7F, pattern: 0)
            write(text)
        }
    }

    /// Stores the codes of `text` from `start` on, and tells where they end. Gives up beyond `most` bytes, or a few more.
    @inline(__always)
    private mutating func putCodes(of text: Span<UInt8>, _ encoder: HuffmanEncoder, at start: Int, most: Int) -> Int {
        var bits: UInt64 = 0
        var pending = 0
        var place = start
        for index in text.indices {
            let code = encoder.code(of: text[index])
            let length = code & 0xFF
            bits = bits &<< length | code &>> 8
            pending &+= Int(truncatingIfNeeded: length)
            guard pending >= 32 else { continue }
            pending &-= 32
            store(bigEndian: UInt32(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: pending)), at: place)
            place &+= 4
            if place &- start > most { return place }
        }
        // Up to 31 bits, filled up with ones.
        let padded =
            bits &<< UInt64(truncatingIfNeeded: 32 &- pending) | 0xFFFF_FFFF &>> UInt64(truncatingIfNeeded: pending)
        store(bigEndian: UInt32(truncatingIfNeeded: padded), at: place)
        return place &+ (pending &+ 7) &>> 3
    }
}
