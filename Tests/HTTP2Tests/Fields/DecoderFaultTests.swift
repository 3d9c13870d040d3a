// Blocks that cannot be decoded, each for one reason.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct DecoderFaultTests {
    static let faults: [(String, HPACKFault)] = [
        // Index 0, of a field and of a name, and behind the end of an empty table.
        ("80", .badIndex), ("82 80", .badIndex), ("be", .badIndex), ("ff 00", .badIndex), ("ff ff ff ff 7f", .badIndex),
        ("7e 01 61", .badIndex), ("0f 2f 01 61", .badIndex), ("1f 2f 01 61", .badIndex),
        // The table has one field: the next index is behind it.
        ("40 01 61 01 62 be bf", .badIndex), ("40 01 61 01 62 be 7f 00 01 61", .badIndex),
        // Numbers.
        ("ff ff ff ff ff ff 0f", .integerTooLong), ("7f 80 80 80 80 80 01", .integerTooLong),
        ("00 7f ff ff ff ff ff 0f", .integerTooLong), ("00 ff 80 80 80 80 80 00", .integerTooLong),
        ("3f ff ff ff ff ff 0f", .integerTooLong), ("00 01 61 7f ff ff ff ff ff 0f", .integerTooLong),
        // Blocks that end too early.
        ("40", .truncated), ("00 01", .truncated), ("00 01 61", .truncated), ("00 01 61 02 62", .truncated),
        ("00 03 61 62", .truncated), ("41 7f", .truncated), ("41 7f 80", .truncated), ("ff", .truncated),
        ("3f", .truncated), ("00 7f ff ff ff ff 0f", .truncated), ("00 81", .truncated), ("04 82 1c", .truncated),
        // Coded strings.
        ("04 81 00", .badPadding), ("00 81 ff 01 61", .badPadding), ("04 84 ff ff ff ff", .endOfStringCode),
        ("00 84 ff ff ff ff 01 61", .endOfStringCode),
        // Changes of size.
        ("82 20", .lateSizeUpdate), ("82 3f e1 1f", .lateSizeUpdate), ("20 82 20", .lateSizeUpdate),
        ("00 01 61 01 62 20", .lateSizeUpdate), ("3f e2 1f", .sizeUpdateTooLarge), ("20 3f e2 1f", .sizeUpdateTooLarge),
        ("3f ff ff ff ff 7f", .sizeUpdateTooLarge),
    ]

    @Test(arguments: faults)
    func isRefused(block: String, fault: HPACKFault) {
        #expect(decode(hex(block)) == .fault(fault))
        // As it would be behind other fields, unless the table changes its size.
        if fault != .sizeUpdateTooLarge, !block.hasPrefix("20"), !block.hasPrefix("3f") {
            #expect(decode([0x82, 0x84] + hex(block)) == .fault(fault))
        }
    }

    /// Each block that is cut short is an error, or a whole block of fewer fields: it never does harm.
    @Test(arguments: [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        "3fe1 1f40 0a63 7573 746f 6d2d 6b65 790d 6375 7374 6f6d 2d68 6561 6465 72be 1008 7061 7373 776f 7264 0073",
    ])
    func cutShort(block: String) {
        let bytes = hex(block)
        for end in 0..<bytes.count {
            switch decode(Array(bytes[..<end])) {
            case .fault(let fault): #expect(fault == .truncated || fault == .badIndex)
            case .fields(let fields):
                guard case .fields(let all) = decode(bytes) else { continue }
                #expect(all.starts(with: fields))
            }
        }
    }

    @Test func eachHasItsOwnWords() {
        let reasons = HPACKFault.allCases.map(\.reason)
        #expect(Set(reasons).count == reasons.count && !reasons.contains(""))
        #expect(reasons.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 } })
    }
}
