// The code of strings (RFC 7541 section 5.2 and appendix B).

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

/// What a coded string becomes.
enum DecodedString: Equatable {
    case bytes([UInt8])
    case fault(HPACKFault)
}

/// Decodes `coded`, which stands between other bytes, and expects that its length is told without decoding.
func decodeString(_ coded: [UInt8]) -> DecodedString {
    let block = [0x55] + coded + [0xFF, 0x00, 0xFF, 0xA5, 0xFF, 0x00, 0x11, 0x22, 0x33]
    let range = 1..<1 + coded.count
    var store = ByteStore(count: HuffmanDecoder.room(for: coded.count) + 8)
    let decoder = HuffmanDecoder.shared
    do throws(HPACKFault) {
        let count = try decoder.decode(block.span, range, to: 3, in: &store)
        let measured = try decoder.measure(block.span, range)
        #expect(measured == count)
        return .bytes((3..<3 + count).map { store[$0] })
    } catch {
        #expect(throws: error) { try decoder.measure(block.span, range) }
        return .fault(error)
    }
}

/// `bytes` as a string literal.
func encodeString(_ bytes: [UInt8]) -> [UInt8] {
    var writer = HeadWriter(capacity: 2 * bytes.count + 64)
    writer.write(string: bytes.span, HuffmanEncoder.shared)
    let overflowed = writer.overflowed
    #expect(!overflowed)
    return writer.bytes.indices.map { writer.bytes[$0] }
}

/// Codes one behind another, the last byte filled up with ones.
func bits(_ codes: [HuffmanCode], padding: Int? = nil) -> [UInt8] {
    var digits = codes.flatMap { code in (0..<code.length).reversed().map { code.bits >> $0 & 1 } }
    digits += Array(repeating: 1, count: padding ?? (8 - digits.count % 8) % 8)
    return stride(from: 0, to: digits.count, by: 8).map { start in
        digits[start..<start + 8].reduce(0) { $0 << 1 | UInt8($1) }
    }
}

struct HuffmanTests {
    /// Each pair of bytes, so that each code stands at each place within a byte, and before each other.
    @Test func allPairs() {
        for first in 0..<256 {
            let codes = (0..<256).flatMap { [HuffmanCode.codes[first], HuffmanCode.codes[$0]] }
            let expected = (0..<256).flatMap { [UInt8(first), UInt8($0)] }
            #expect(decodeString(bits(codes)) == .bytes(expected))
        }
    }

    /// Whatever is written is read, be it coded or not, at each length.
    @Test(arguments: 0..<300)
    func whatIsWrittenIsRead(count: Int) {
        let texts: [[UInt8]] = [
            (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) },
            (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) },
            Array(repeating: UInt8(ascii: "e"), count: count),
            (0..<count).map { $0 % 7 == 0 ? 0xF9 : UInt8(ascii: "o") },
        ]
        for text in texts {
            let written = encodeString(text)
            let block = [0x00] + literal(Array("x".utf8)) + written
            var reader = Reader()
            #expect(reader.decoder.decode(block.span, into: &reader.section) == nil)
            let value = reader.section[0].value
            let bytes = value.range.map { reader.section.arena[$0] }
            #expect(bytes == text)
            // Never longer than as it is.
            #expect(written.count <= literal(text).count)
        }
    }

    /// What the codes of text are worth: nobody gets the same from a literal as it is.
    @Test func textIsCoded() {
        let text = Array("https://www.example.com/index.html".utf8)
        let written = encodeString(text)
        #expect(written[0] == 0x80 | UInt8(written.count - 1) && written.count < text.count * 8 / 10)
        #expect(encodeString(Array("&&&&".utf8)) == literal(Array("&&&&".utf8)))
        #expect(encodeString([]) == [0])
    }

    /// Padding is up to seven ones.
    @Test func padding() {
        let zero = HuffmanCode.codes[0x30]
        #expect(decodeString([]) == .bytes([]))
        #expect(decodeString([0b0000_0111]) == .bytes([0x30]))
        for wrong: UInt8 in [0b0000_0110, 0b0000_0011, 0b0000_0000] {
            #expect(decodeString([wrong]) == .fault(.badPadding))
        }
        // Eight ones and more are too many: at the beginning, behind a symbol that fills its byte, and behind others.
        let full = HuffmanCode.codes[0x26]
        for count in 1...4 {
            let ones = [UInt8](repeating: 0xFF, count: count)
            let expected = DecodedString.fault(count < 4 ? .badPadding : .endOfStringCode)
            #expect(decodeString(ones) == expected)
            #expect(decodeString(bits([full]) + ones) == expected)
            #expect(decodeString(bits([zero]) + ones) == expected)
        }
        // For every length of what precedes: the padding that there must be, and a bit of the last byte that is another.
        for count in 1...24 {
            let coded = bits(Array(repeating: zero, count: count))
            #expect(decodeString(coded) == .bytes(Array(repeating: 0x30, count: count)))
            for bit in 0..<8 {
                var other = coded
                other[other.count - 1] ^= 1 << UInt8(bit)
                #expect(decodeString(other) == bitByBit(other))
            }
        }
    }

    /// What `coded` says, bit by bit.
    private func bitByBit(_ coded: [UInt8]) -> DecodedString {
        var symbols: [UInt8] = []
        var code = HuffmanCode(bits: 0, length: 0)
        for byte in coded {
            for bit in (0..<8).reversed() {
                code = HuffmanCode(bits: code.bits << 1 | UInt32(byte >> UInt8(bit) & 1), length: code.length + 1)
                let found = HuffmanCode.codes.firstIndex { $0.bits == code.bits && $0.length == code.length }
                guard let found else { continue }
                if found == HuffmanCode.endOfString { return .fault(.endOfStringCode) }
                symbols.append(UInt8(found))
                code = HuffmanCode(bits: 0, length: 0)
            }
        }
        return code.length < 8 && code.bits == 1 << code.length - 1 ? .bytes(symbols) : .fault(.badPadding)
    }

    /// The code for the end stands in no string, wherever it begins.
    @Test func endOfString() {
        let end = HuffmanCode.codes[HuffmanCode.endOfString]
        for count in 0..<20 {
            let codes = Array(repeating: HuffmanCode.codes[0x61], count: count) + [end]
            #expect(decodeString(bits(codes)) == .fault(.endOfStringCode))
            #expect(decodeString(bits(codes + codes)) == .fault(.endOfStringCode))
        }
    }

    /// Strings of random bits, of few bytes and of many ones, mean the same as bit by bit.
    @Test func randomBits() {
        var state: UInt64 = 7
        for round in 0..<600 {
            let coded = (0..<1 + round % 23).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56) | (state >> 40 & 3 == 0 ? 0xFF : 0)
            }
            #expect(decodeString(coded) == bitByBit(coded))
        }
    }

    /// Names are written in lower case, short ones and those that nobody uses.
    @Test(arguments: [1, 5, 40, 125, 126, 127, 128, 300])
    func names(count: Int) {
        let name = (0..<count).map { UInt8(ascii: $0 % 2 == 0 ? "A" : "z") }
        var writer = HeadWriter(capacity: 1024)
        writer.write(byte: 0)
        writer.write(name: name.span, HuffmanEncoder.shared)
        writer.write(byte: 0)
        var reader = Reader()
        let fault = reader.decoder.decode(writer.bytes, into: &reader.section)
        #expect(fault == nil)
        let lines = reader.lines
        #expect(lines == [String(decoding: name, as: UTF8.self).lowercased() + ": "])
    }
}
