// What the second reader makes of a head's fields.

import MartletHTTPCore

extension ReferenceHead {
    /// The values of all fields of this name, which is in lower case.
    func values(_ name: String) -> [[UInt8]] {
        fields.filter { $0.name.elementsEqual(name.utf8) }.map(\.value)
    }

    /// What Content-Length and Transfer-Encoding say: `none` if they are not there, nil if they are ambiguous.
    func framing(isHTTP10: Bool) -> ContentFraming? {
        let lengths = values("content-length")
        let codings = values("transfer-encoding")
        guard lengths.count + codings.count <= 1 else { return nil }
        if let coding = codings.first {
            let isChunked = String(decoding: coding, as: UTF8.self).lowercased() == "chunked" && coding.count == 7
            return isChunked && !isHTTP10 ? .chunked : nil
        }
        guard let length = lengths.first else { return ContentFraming.none }
        return Self.number(length).map { .length($0) }
    }

    /// One to nineteen digits, below 2^63.
    private static func number(_ digits: [UInt8]) -> UInt64? {
        guard (1...19).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self)).map { UInt64($0) }
    }

    /// The names, in lower case, that Connection nominates.
    var nominated: [[UInt8]] {
        values("connection").flatMap { $0.split(separator: 0x2C) }.map { option in
            option.filter { $0 != 0x20 && $0 != 0x09 }.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
        }
    }

    /// "METHOD SP target SP HTTP/1.x": whether the first line is that, and of HTTP/1.0.
    var requestLine: (isHTTP10: Bool, method: [UInt8], target: [UInt8])? {
        let parts = start.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(Self.isToken), !parts[1].isEmpty,
            parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 })
        else { return nil }
        let version = String(decoding: parts[2], as: UTF8.self)
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else { return nil }
        return (version == "HTTP/1.0", parts[0], parts[1])
    }

    /// "HTTP/1.x SP 3DIGIT [SP reason]": whether the first line is that, and of HTTP/1.0, and the status.
    var statusLine: (isHTTP10: Bool, status: Int)? {
        let text = String(decoding: start, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 ") || text.hasPrefix("HTTP/1.0 "), start.count >= 12,
            start[9..<12].allSatisfy({ (0x30...0x39).contains($0) }), start.count == 12 || start[12] == 0x20,
            let status = Int(String(decoding: start[9..<12], as: UTF8.self)), (100...599).contains(status)
        else { return nil }
        return (text.hasPrefix("HTTP/1.0"), status)
    }
}
