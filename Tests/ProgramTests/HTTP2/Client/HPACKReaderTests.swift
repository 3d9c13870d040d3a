// What reads header blocks for the other tests reads the examples of RFC 7541 right.
import MartletTestSupport
import Testing

@Suite struct HPACKReaderTests {
    private static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.filter { $0 != " " })
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    /// Appendix C.4: requests with Huffman, and a table that grows.
    @Test func requests() throws {
        var reader = HPACKReader()
        let first = try reader.decode(Self.bytes("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
        let authority = HTTPField(":authority", "www.example.com")
        #expect(
            first == [HTTPField(":method", "GET"), HTTPField(":scheme", "http"), HTTPField(":path", "/"), authority])
        let second = try reader.decode(Self.bytes("8286 84be 5886 a8eb 1064 9cbf"))
        #expect(second[3] == authority && second[4] == HTTPField("cache-control", "no-cache"))
        let third = try reader.decode(
            Self.bytes("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
        #expect(third[3] == authority && third[4] == HTTPField("custom-key", "custom-value"))
        #expect(reader.table.map(\.name) == ["custom-key", "cache-control", ":authority"])
    }

    /// Appendix C.6: responses, and a table that is too small for all of it.
    @Test func responses() throws {
        var reader = HPACKReader()
        reader.bound = 256
        _ = try reader.decode(HPACKWriter.tableSize(256))
        let block =
            "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718"
            + "63c7 8f0b 97c8 e9ae 82ae 43d3"
        let first = try reader.decode(Self.bytes(block))
        #expect(first.map(\.value) == ["302", "private", "Mon, 21 Oct 2013 20:13:21 GMT", "https://www.example.com"])
        let second = try reader.decode(Self.bytes("4883 640e ffc1 c0bf"))
        #expect(second == [HTTPField(":status", "307")] + first[1...])
        #expect(reader.table.map(\.name) == [":status", "location", "date", "cache-control"])
    }

    @Test func whatIsWritten() throws {
        var reader = HPACKReader()
        let fields = [HTTPField("x", String(repeating: "y", count: 5_000)), HTTPField(":path", "")]
        #expect(try reader.decode(HPACKWriter.block(fields)) == fields)
        #expect(reader.table.isEmpty)
        _ = try reader.decode(HPACKWriter.literal("a", "b", .indexed))
        #expect(try reader.decode(HPACKWriter.indexed(62)) == [HTTPField("a", "b")])
    }

    @Test(arguments: ["80", "be", "00 05 61", "40", "00 81 00 00", "86 20", "ff ff ff ff ff ff ff", "3f e2 1f"])
    func whatIsWrongIsAFailure(block: String) {
        var reader = HPACKReader()
        #expect(throws: TestFailure.self) { try reader.decode(Self.bytes(block)) }
    }
}
