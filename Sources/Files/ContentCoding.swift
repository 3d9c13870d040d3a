// Content codings of files that lie compressed beside the others, and which of them a client takes. Pure.
import MartletHTTPCore

/// How a file is compressed.
package enum ContentCoding: String, Sendable, CaseIterable {
    case zstd = "zst"
    case brotli = "br"
    case gzip = "gz"

    /// The name in Content-Encoding and Accept-Encoding.
    package var name: StaticString {
        switch self {
        case .zstd: "zstd"
        case .brotli: "br"
        case .gzip: "gzip"
        }
    }

    /// What such a file's name ends with.
    package var suffix: String { "." + rawValue }

    /// Those of `offered` that an Accept-Encoding field takes, the best for the client first, and else in their order.
    package static func accepted(_ field: Span<UInt8>, of offered: [ContentCoding]) -> [ContentCoding] {
        offered.map { ($0, quality($0.name, in: field)) }.filter { $0.1 > 0 }
            .enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }.map(\.element.0)
    }

    /// 0...1000; 0 for what is not taken (RFC 9110 section 12.5.3).
    private static func quality(_ name: StaticString, in field: Span<UInt8>) -> Int {
        var any = 0
        var start = 0
        while start <= field.count {
            var end = start
            while end < field.count && field[end] != 0x2C { end += 1 }
            let element = field.extracting(start..<end)
            start = end + 1
            var semicolon = 0
            while semicolon < element.count && element[semicolon] != 0x3B { semicolon += 1 }
            let coding = FileText.trimmed(element.extracting(0..<semicolon))
            let weight = weight(element.extracting(semicolon..<element.count))
            // "x-gzip" is the same as "gzip" (RFC 9110 section 8.4.1.3).
            let isOld = ByteScan.equals(coding, lowercase: "x-gzip") && ByteScan.equals(name.bytes, lowercase: "gzip")
            if isOld || ByteScan.equalsIgnoringCase(coding, name.bytes) { return weight }
            if coding.count == 1 && coding[0] == 0x2A { any = weight }
        }
        return any
    }

    /// Of ";q=0.5"; what cannot be read is 0, so that nobody gets what they may not be able to read.
    private static func weight(_ text: Span<UInt8>) -> Int {
        let text = FileText.trimmed(text)
        if text.isEmpty { return 1000 }
        let value = FileText.trimmed(text.extracting(1..<text.count))
        guard value.count >= 3, ByteScan.lowercased(value[0]) == 0x71, value[1] == 0x3D else { return 0 }
        guard value[2] == 0x30 || value[2] == 0x31 else { return 0 }
        var weight = Int(value[2] - 0x30) * 1000
        if value.count == 3 { return weight }
        guard value[3] == 0x2E, value.count <= 7 else { return 0 }
        var unit = 100
        for index in 4..<value.count {
            guard (0x30...0x39).contains(value[index]) else { return 0 }
            weight += Int(value[index] - 0x30) * unit
            unit /= 10
        }
        return min(weight, 1000)
    }
}
