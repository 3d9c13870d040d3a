// A second reader of heads, written to be obviously right and strict, whatever it costs. What it calls ambiguous must
// never have been accepted.

import MartletHTTPCore

/// A head cut into lines, each of which is well-formed.
struct ReferenceHead {
    /// A field line.
    struct Field: Equatable {
        /// In lower case.
        var name: [UInt8]
        var value: [UInt8]
    }

    /// The first line; empty in a trailer section.
    var start: [UInt8] = []
    var fields: [Field] = []
    /// Bytes up to and with the blank line.
    var length = 0

    /// Reads the head at the front of `bytes`; nil if it is not complete, or one of its lines is not well-formed.
    ///
    /// - Parameters:
    ///   - emptyLines: how many empty lines may stand before it.
    ///   - hasStart: there is a first line before the fields.
    init?(_ bytes: [UInt8], emptyLines: Int = 0, hasStart: Bool = true) {
        var lines: [[UInt8]] = []
        var skipped = 0
        while let line = Self.line(in: bytes, from: length) {
            length += line.count + 2
            if line.isEmpty, lines.isEmpty, skipped < emptyLines {
                skipped += 1
            } else if line.isEmpty {
                if hasStart, lines.isEmpty { return nil }
                if hasStart { start = lines.removeFirst() }
                guard read(lines) else { return nil }
                return
            } else {
                lines.append(line)
            }
        }
        return nil
    }

    /// The bytes from `begin` up to the next CR LF; nil if there is none.
    static func line(in bytes: [UInt8], from begin: Int) -> [UInt8]? {
        for index in begin..<max(begin, bytes.count - 1) where bytes[index] == 0x0D && bytes[index + 1] == 0x0A {
            return Array(bytes[begin..<index])
        }
        return nil
    }

    private mutating func read(_ lines: [[UInt8]]) -> Bool {
        guard start.allSatisfy(Self.isText) else { return false }
        for line in lines {
            guard line.allSatisfy(Self.isText), let colon = line.firstIndex(of: 0x3A), colon > 0 else { return false }
            let name = line[..<colon].map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
            guard name.allSatisfy(Self.isToken) else { return false }
            fields.append(Field(name: name, value: Self.trimmed(line[(colon + 1)...])))
        }
        return true
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return Array(bytes)
    }

    /// Anything but controls; HTAB is none.
    static func isText(_ byte: UInt8) -> Bool { byte == 0x09 || byte >= 0x20 && byte != 0x7F }

    /// tchar (RFC 9110 section 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
