// Scans and comparisons, 16 bytes at a time, against the same said byte by byte.

import MartletHTTPCore
import Testing

struct ByteScanTests {
    /// Every byte, at every place of a block and of the rest behind it, is in the set or not, in both of its tests.
    private func check<Set: ByteClass>(_ set: Set.Type, outside: UInt8, _ isMember: (UInt8) -> Bool) {
        for byte in UInt8.min...UInt8.max {
            #expect(set.contains(byte) == isMember(byte), "\(set) and \(byte)")
            let mask = set.matches(SIMD16<UInt8>(repeating: byte))
            #expect(BlockMatch(mask).first == (isMember(byte) ? 0 : 16), "\(set) and a block of \(byte)")
        }
        for count in 0..<50 {
            var bytes = [UInt8](repeating: outside, count: count)
            #expect(ByteScan.first(set, in: bytes.span, from: 0) == count)
            for index in 0..<count {
                bytes[index] = 0x0D
                for start in 0...count {
                    let found = ByteScan.first(set, in: bytes.span, from: start)
                    #expect(found == (start <= index ? index : count), "\(set): \(index) of \(count) from \(start)")
                }
                bytes[index] = outside
            }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    @Test func whatEndsAValue() {
        check(ValueStop.self, outside: 0x61) { ($0 < 32 && $0 != 9) || $0 == 127 }
    }

    @Test func whatEndsATarget() {
        check(QueryStop.self, outside: 0x61) { $0 < 33 || $0 > 126 || $0 == UInt8(ascii: "#") }
        check(PathStop.self, outside: 0x61) {
            $0 < 33 || $0 > 126 || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?")
        }
    }

    @Test func whatEndsAPlainNameOrHost() {
        check(PlainNameStop.self, outside: 0x61) { !Self.isLetterOrDigit($0) && $0 != UInt8(ascii: "-") }
        check(PlainHostStop.self, outside: 0x61) {
            !Self.isLetterOrDigit($0) && $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".")
        }
    }

    @Test func whatEndsALine() {
        check(LineStop.self, outside: 0x61) { $0 == 10 || $0 == 13 }
    }

    @Test func theFirstOfSeveralIsFound() {
        for first in 0..<40 {
            var bytes = [UInt8](repeating: 0x61, count: 48)
            for index in first..<48 where (index - first) % 3 == 0 { bytes[index] = 0x0A }
            #expect(ByteScan.first(LineStop.self, in: bytes.span, from: 0) == first)
        }
    }

    @Test func behindTheEndThereIsNothing() {
        let bytes: [UInt8] = [0x0A, 0x0A]
        #expect(ByteScan.first(LineStop.self, in: bytes.span, from: 2) == 2)
        #expect(ByteScan.first(LineStop.self, in: bytes.span, from: 20) == 2)
        let none: [UInt8] = []
        #expect(ByteScan.first(LineStop.self, in: none.span, from: 0) == 0)
    }

    /// What a match forgets is what stands before the count.
    @Test func aMatchForgetsItsFirst() {
        for set in 0..<16 {
            var block = SIMD16<UInt8>(repeating: 0x61)
            block[set] = 0x0A
            for count in 0...16 {
                var match = BlockMatch(LineStop.matches(block))
                match.drop(first: count)
                #expect(match.first == (set < count ? 16 : set) && match.isEmpty == (set < count))
            }
        }
    }

    @Test func tokens() {
        let token = Set("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(ByteScan.isToken(byte) == (Self.isLetterOrDigit(byte) || token.contains(byte)), "\(byte)")
        }
        for (text, isToken) in [("a", true), ("", false), ("a b", false), ("X-1!", true), ("a\0", false), (":", false)]
        {
            let result = ByteScan.isToken(text.utf8.span)
            #expect(result == isToken)
        }
    }

    @Test func lettersAreTheSameInEitherCase() {
        for a in UInt8.min...UInt8.max {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(a)
            #expect(ByteScan.lowercased(a) == (isUpper ? a + 32 : a))
            #expect(ByteScan.isBlank(a) == (a == 32 || a == 9))
        }
        let isSame = ByteScan.equals("ChUnKeD".utf8.span, lowercase: "chunked")
        #expect(isSame)
    }

    /// Two texts, whether they are the same, and whether they are but for case. Some differ from letters' in the bit of
    /// case only.
    @Test(arguments: [
        ("ab", "ab", true, true), ("", "", true, true), ("ab", "aB", false, true), ("Z", "z", false, true),
        ("ab", "a", false, false), ("a", "ab", false, false), ("@", "`", false, false), ("[", "{", false, false),
        ("_", "\u{7F}", false, false), ("\r", "-", false, false), ("0", "\u{10}", false, false),
    ])
    func comparisons(text: String, other: String, isSame: Bool, isSameButForCase: Bool) {
        let exact = ByteScan.equals(text.utf8.span, other.utf8.span)
        #expect(exact == isSame)
        let lenient = ByteScan.equalsIgnoringCase(text.utf8.span, other.utf8.span)
        #expect(lenient == isSameButForCase)
    }

    @Test func blanksAreTrimmed() {
        for (text, trimmed) in [
            ("a", "a"), (" a ", "a"), ("\t a b \t", "a b"), ("", ""), (" ", ""), (" \t ", ""), ("\u{B}a", "\u{B}a"),
        ] {
            let bytes = Array(("x" + text + "y").utf8)
            let range = ByteScan.trimmed(bytes.span, from: 1, to: bytes.count - 1)
            #expect(String(decoding: bytes[range.range], as: UTF8.self) == trimmed)
        }
    }
}
