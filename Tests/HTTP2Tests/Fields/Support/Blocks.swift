// Blocks of fields as tests write and read them.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

/// The bytes that pairs of hexadecimal digits spell; blanks are left out.
func hex(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap(ByteNumber.hexDigit)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// A number behind a prefix of the bits of `mask` (RFC 7541 section 5.1).
func integer(_ number: Int, mask: UInt8, pattern: UInt8) -> [UInt8] {
    if number < Int(mask) { return [pattern | UInt8(number)] }
    var bytes = [pattern | mask]
    var rest = number - Int(mask)
    while rest >= 128 {
        bytes.append(UInt8(rest % 128) | 0x80)
        rest /= 128
    }
    return bytes + [UInt8(rest)]
}

/// A string that is not coded.
func literal(_ bytes: [UInt8]) -> [UInt8] {
    integer(bytes.count, mask: 0x7F, pattern: 0) + bytes
}

/// A field with its name and value in full, without an index.
func plain(_ name: String, _ value: String) -> [UInt8] {
    [0] + literal(Array(name.utf8)) + literal(Array(value.utf8))
}

/// The same with an index from then on.
func indexed(_ name: String, _ value: String) -> [UInt8] {
    [0x40] + literal(Array(name.utf8)) + literal(Array(value.utf8))
}

/// A block of fields, "name: value" each, none with an index.
func block(_ lines: [String]) -> [UInt8] {
    lines.flatMap { line in
        let (name, value) = parts(of: line)
        return plain(name, value)
    }
}

/// The name and the value of "name: value"; a name may begin with ":".
func parts(of line: String) -> (name: String, value: String) {
    guard let colon = line.dropFirst().firstRange(of: ": ") else { return (line, "") }
    return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
}

/// The text of bytes.
func string(_ bytes: Span<UInt8>) -> String {
    String(decoding: array(bytes), as: UTF8.self)
}

/// What became of a block.
enum Decoded: Equatable {
    case fields([String])
    case fault(HPACKFault)
}

/// A decoder with a section.
struct Reader: ~Copyable {
    var decoder: HPACKDecoder
    var section: FieldSection

    init(tableBytes: Int = 4096, bytes: Int = 8192, fields: Int = 100) {
        decoder = HPACKDecoder(tableBytes: tableBytes)
        section = FieldSection(bytes: bytes, fields: fields, tableBytes: tableBytes)
    }

    /// Decodes a block.
    mutating func read(_ block: [UInt8]) -> Decoded {
        if let fault = decoder.decode(block.span, into: &section) { return .fault(fault) }
        return .fields(lines)
    }

    /// The lines of the section.
    var lines: [String] {
        (0..<section.count).map { index in
            let line = section[index]
            let (name, value) = (section.arena.extracting(line.name), section.arena.extracting(line.value))
            return "\(string(name)): \(string(value))"
        }
    }

    /// The fields of the dynamic table, the newest first.
    var table: [String] { MartletHTTP2Tests.lines(of: decoder.table) }
}

/// The fields of a dynamic table, the newest first.
func lines(of table: borrowing DynamicTable) -> [String] {
    (0..<table.count).map { age in
        let entry = table.entry(at: age)
        let start = Int(entry.start)
        return string(table.bytes.extracting(start..<start + entry.length - 2))
    }
}

/// Decodes one block with a new decoder.
func decode(_ block: [UInt8]) -> Decoded {
    var reader = Reader()
    return reader.read(block)
}
