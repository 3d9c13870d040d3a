// The dynamic table as a decoder keeps it: what is put out, and when (RFC 7541 sections 4.2 to 4.4).

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct DecoderTableTests {
    private func update(_ size: Int) -> [UInt8] { integer(size, mask: 0x1F, pattern: 0x20) }

    @Test func theOldestArePutOut() {
        var reader = Reader()
        // 34 each: a table of 100 has room for two.
        var block = update(100)
        for name in ["a", "b", "c"] { block += indexed(name, "x") }
        #expect(reader.read(block) == .fields(["a: x", "b: x", "c: x"]))
        #expect(reader.table == ["c: x", "b: x"] && reader.decoder.table.size == 68)
        #expect(reader.read([0xBE, 0xBF]) == .fields(["c: x", "b: x"]))
        #expect(reader.read([0xC0]) == .fault(.badIndex))
    }

    /// A field may be named after one that it puts out.
    @Test func aNameThatIsPutOut() {
        var reader = Reader()
        #expect(reader.read(update(40) + indexed("name", "old")) == .fields(["name: old"]))
        #expect(reader.read([0x7E] + literal(Array("new1".utf8))) == .fields(["name: new1"]))
        #expect(reader.table == ["name: new1"])
    }

    /// What is larger than the table empties it (section 4.4), and is a field all the same.
    @Test func aFieldThatIsTooLargeEmptiesTheTable() {
        var reader = Reader()
        #expect(reader.read(indexed("a", "b")) == .fields(["a: b"]))
        let value = String(repeating: "v", count: 4096 - 32)
        #expect(reader.read(indexed("n", value)) == .fields(["n: \(value)"]))
        #expect(reader.table == [] && reader.decoder.table.size == 0)
        // One that just fits.
        #expect(reader.read(indexed("", value)) == .fields([": \(value)"]))
        #expect(reader.decoder.table.size == 4096)
        #expect(reader.read([0xBE]) == .fields([": \(value)"]))
    }

    @Test func sizesChange() {
        var reader = Reader()
        _ = reader.read(indexed("a", "1") + indexed("b", "2") + indexed("c", "3"))
        // To 0 and back: empty.
        #expect(reader.read(update(0) + update(4096)) == .fields([]))
        #expect(reader.table == [])
        _ = reader.read(indexed("a", "1") + indexed("b", "2") + indexed("c", "3"))
        #expect(reader.read(update(70) + [0xBE]) == .fields(["c: 3"]))
        #expect(reader.table == ["c: 3", "b: 2"])
        #expect(reader.read(indexed("d", "4")) == .fields(["d: 4"]))
        #expect(reader.table == ["d: 4", "c: 3"])
    }

    /// What we announce holds when the peer has acknowledged it: until then it has its 4,096 bytes.
    @Test func aSmallerTable() {
        var reader = Reader(tableBytes: 64)
        let value = String(repeating: "v", count: 200)
        #expect(reader.read(indexed("a", value)) == .fields(["a: \(value)"]))
        #expect(reader.read([0xBE]) == .fields(["a: \(value)"]))
        reader.decoder.settingsAcknowledged()
        #expect(reader.read([0x82]) == .fault(.missingSizeUpdate))
        #expect(reader.read(update(65)) == .fault(.sizeUpdateTooLarge))
        #expect(reader.read(update(64) + [0x82]) == .fields([":method: GET"]))
        #expect(reader.table == [])
        // Once is enough.
        #expect(reader.read([0x82]) == .fields([":method: GET"]))
    }

    @Test func aTableOfNothing() {
        var reader = Reader(tableBytes: 0)
        reader.decoder.settingsAcknowledged()
        #expect(reader.read(update(0) + indexed("a", "b")) == .fields(["a: b"]))
        #expect(reader.table == [])
        #expect(reader.read([0xBE]) == .fault(.badIndex))
    }

    @Test func aLargerTable() {
        var reader = Reader(tableBytes: 65_536, bytes: 100_000)
        reader.decoder.settingsAcknowledged()
        let value = String(repeating: "v", count: 65_536 - 33)
        #expect(reader.read(update(65_536) + indexed("n", value)) == .fields(["n: \(value)"]))
        #expect(reader.read([0xBE]) == .fields(["n: \(value)"]))
        #expect(reader.read(update(65_537)) == .fault(.sizeUpdateTooLarge))
    }

    /// Thousands of fields of all lengths pass through: the table is always that of a simple model of it, in memory that
    /// is tidied up, grows, and is trimmed now and then.
    @Test(arguments: [4096, 200, 1000, 33])
    func anyNumberOfFields(most: Int) {
        var reader = Reader()
        var model: [String] = []
        _ = reader.read(update(most))
        var state: UInt64 = 3
        for round in 0..<800 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let length = Int(state >> 33) % (state >> 40 & 7 == 0 ? 900 : 60)
            let value = String(repeating: "x", count: length)
            let name = "n\(round)"
            #expect(reader.read(indexed(name, value)) == .fields(["\(name): \(value)"]))
            model.insert("\(name): \(value)", at: 0)
            while model.reduce(0, { $0 + $1.utf8.count + 30 }) > most { model.removeLast() }
            if round % 97 == 0 { reader.decoder.trim() }
            #expect(reader.table == model)
            if let last = model.last {
                let index = integer(61 + model.count, mask: 0x7F, pattern: 0x80)
                #expect(reader.read(index) == .fields([last]))
            }
        }
    }

    /// Numbers of entries wrap around after 2^16, and nothing is mixed up.
    @Test func manyMoreThanNumbers() {
        var reader = Reader()
        for round in 0..<70_000 {
            let value = UInt8(0x30 + round % 10)
            let block = [0x40, 1, 0x61, 1, value, 0xBE]
            let fault = reader.decoder.decode(block.span, into: &reader.section)
            let isSame = reader.section.count == 2 && reader.section.arena[Int(reader.section[1].value.start)] == value
            if fault != nil || !isSame {
                Issue.record("field \(round) is another")
                break
            }
        }
    }

    @Test func theStaticTable() {
        let block = (1...61).map { UInt8(0x80 + $0) }
        guard case .fields(let fields) = decode(block) else {
            Issue.record("the static table is not there")
            return
        }
        #expect(fields.count == 61)
        #expect(fields[0] == ":authority: " && fields[15] == "accept-encoding: gzip, deflate")
        #expect(fields[60] == "www-authenticate: " && fields[57] == "user-agent: " && fields[30] == "content-type: ")
        // In the order of the alphabet but for the pseudo-fields: an entry that is missing or twice is seen.
        let names = fields.dropFirst(14).filter { $0 != "accept: " }
        #expect(names == names.sorted())
        // Names by index, alone and with a value of their own.
        for index in 1...61 {
            let (name, _) = parts(of: fields[index - 1])
            #expect(decode(integer(index, mask: 0x0F, pattern: 0) + [1, 0x61]) == .fields(["\(name): a"]))
        }
    }

    /// What is known of a name comes with its index, from either table.
    @Test func knownNames() {
        var reader = Reader()
        let block = indexed("x-request-id", "1") + indexed("x-other", "2") + [0xBE, 0xBF, 0xB2, 0x84]
        _ = reader.read(block)
        let known = (0..<reader.section.count).map { reader.section[$0].known }
        #expect(known == [.xRequestID, .other, .other, .xRequestID, .range, .other])
        let pseudo = (0..<reader.section.count).map { reader.section[$0].pseudo }
        #expect(pseudo == [.none, .none, .none, .none, .none, .path])
    }
}
