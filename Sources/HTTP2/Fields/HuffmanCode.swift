// The code of strings (RFC 7541 appendix B). It is canonical: codes of the same length follow each other in the order of
// their symbols, and longer ones come behind shorter ones. So the lengths say it all.

/// A code word of at most 30 bits.
struct HuffmanCode: BitwiseCopyable, Sendable {
    /// The bits, the last in the lowest.
    var bits: UInt32
    /// How many bits, 5 to 30.
    var length: Int
}

extension HuffmanCode {
    /// What stands for the end of a string, behind the 256 bytes. It never stands in one.
    static let endOfString = 256
    /// The length of the longest code.
    static let longest = 30

    /// The length of the code of each byte, and of the end of a string.
    static let lengths: [Int] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ]

    /// The symbols in the order of their codes.
    static let symbols: [Int] = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }

    /// The code of each byte, and of the end of a string.
    static let codes: [HuffmanCode] = {
        var codes = [HuffmanCode](repeating: HuffmanCode(bits: 0, length: 0), count: lengths.count)
        var bits: UInt32 = 0
        var length = lengths[symbols[0]]
        for symbol in symbols {
            bits <<= UInt32(lengths[symbol] - length)
            length = lengths[symbol]
            codes[symbol] = HuffmanCode(bits: bits, length: length)
            bits += 1
        }
        return codes
    }()
}
