import MartletHTTPCore
import Testing

@testable import MartletProxy

@Suite struct NamedValueTests {
    private func found(_ range: Range<Int>?, in text: String) -> String? {
        range.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
    }

    @Test(
        arguments: [
            ("a=1", "1"), ("b=2; a=1", "1"), ("b=2;a=1", "1"), ("b=2;  a=1  ; c=3", "1"), ("a=1; a=2", "1"), ("a=", ""),
            ("a==", "="), ("a=b=c", "b=c"), (";;a=1;;", "1"), ("a", nil), ("", nil), (";", nil), ("A=1", nil),
            ("aa=1", nil), ("ba=1", nil), ("b=a=1", nil), ("b=2, a=1", nil), (" a =1", nil),
        ] as [(String, String?)])
    func findsCookies(field: String, value: String?) {
        #expect(found(NamedValue.cookie("a".utf8.span, in: field.utf8.span), in: field) == value)
    }

    @Test(
        arguments: [
            ("key=1", "1"), ("b=2&key=1", "1"), ("key=1&key=2", "1"), ("key=", ""), ("key", nil), ("", nil),
            ("&&", nil),
            ("monkey=1", nil), ("key2=1", nil), ("b=key=1", nil), ("key=%20x&b", "%20x"), ("b;key=1", nil),
        ] as [(String, String?)])
    func findsParameters(query: String, value: String?) {
        #expect(found(NamedValue.parameter("key".utf8.span, in: query.utf8.span), in: query) == value)
    }

    /// Keys that are alike are spread over all of the bits.
    @Test func hashesSpread() {
        let hashes = (0..<4_096).map { KeyHash.hash("/item/\($0)".utf8.span) }
        #expect(Set(hashes).count == hashes.count)
        for bit in 0..<64 {
            let ones = hashes.count { $0 >> UInt64(bit) & 1 == 1 }
            #expect(ones > 1_800 && ones < 2_300, "bit \(bit): \(ones)")
        }
        let addresses = (0..<4_096).map { KeyHash.hash(0, 0xffff_0a00_0000 + UInt64($0)) }
        #expect(Set(addresses).count == addresses.count)
        #expect(Set(addresses.map { $0 & 0xff }).count == 256)
        #expect(KeyHash.hash(1, 2) != KeyHash.hash(2, 1))
    }

    /// Other proxies, and the next start, must come to the same.
    @Test func hashesStayAsTheyAre() {
        #expect(KeyHash.hash("".utf8.span) == 0xefd0_1f60_ba99_2926)
        #expect(KeyHash.hash("/a".utf8.span) == 0x3b50_1274_3154_5604)
        #expect(KeyHash.hash(1, 2) == 0x4e0f_cd71_6234_2871)
    }
}
