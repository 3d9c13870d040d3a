// The Huffman code of HPACK (RFC 7541 appendix B), as tests read it. Nothing here is shared with the proxy.
import MartletTestSupport

/// The code is canonical: those of one length count up in the order of their symbols, and the next length goes on where
/// the one before has ended. So the lengths are all that has to be known.
enum HuffmanCode {
    /// How many bits the code of each byte has, and behind them that of the end of a string.
    private static let lengths: [Int] = """
        13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
        6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
        13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
        15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
        20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
        22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
        26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
        20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
        30
        """.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }

    /// For each length the first code, and the symbols in the order of their codes.
    private static let codes: [(first: Int, symbols: [Int])] = {
        var next = 0
        return (0...30).map { length in
            let symbols = lengths.indices.filter { lengths[$0] == length }
            defer { next = (next + symbols.count) << 1 }
            return (next, symbols)
        }
    }()

    /// The bytes that a string stands for.
    static func decode(_ bytes: some Sequence<UInt8>) throws(TestFailure) -> [UInt8] {
        var result: [UInt8] = []
        var code = 0
        var length = 0
        for byte in bytes {
            for bit in (0..<8).reversed() {
                code = code << 1 | Int(byte >> UInt8(bit)) & 1
                length += 1
                if length > 30 { throw TestFailure("not a Huffman code") }
                let (first, symbols) = codes[length]
                guard code >= first, code - first < symbols.count else { continue }
                guard let symbol = UInt8(exactly: symbols[code - first]) else {
                    throw TestFailure("an EOS in a string")
                }
                result.append(symbol)
                (code, length) = (0, 0)
            }
        }
        if length > 7 || code != 1 << length - 1 { throw TestFailure("wrong padding of a Huffman code") }
        return result
    }
}
