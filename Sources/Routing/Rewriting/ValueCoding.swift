// Values as they are written into heads: nothing that comes from outside ends a line, or the part of a URL it stands in.
import MartletHTTPCore

extension HeadWriter {
    /// Writes the bytes of `slice` as `coding` says.
    package mutating func write(_ bytes: Span<UInt8>, _ slice: ByteRange, as coding: TemplateCoding) {
        write(bytes.extracting(slice), as: coding)
    }

    /// Writes `bytes` as `coding` says.
    package mutating func write(_ bytes: Span<UInt8>, as coding: TemplateCoding) {
        switch coding {
        case .field: writeField(bytes)
        case .url: writeURL(bytes)
        case .component: writeComponent(bytes, keepsCodes: false)
        case .codedComponent: writeComponent(bytes, keepsCodes: true)
        }
    }

    /// Control characters become "?": whoever sent them meant to end the line.
    private mutating func writeField(_ bytes: Span<UInt8>) {
        if ByteScan.first(ValueStop.self, in: bytes, from: 0) == bytes.count { return write(bytes) }
        for index in bytes.indices { write(byte: ValueStop.contains(bytes[index]) ? 0x3F : bytes[index]) }
    }

    /// What is not visible ASCII is percent-encoded, and so is what browsers take for "/".
    private mutating func writeURL(_ bytes: Span<UInt8>) {
        for index in bytes.indices {
            let byte = bytes[index]
            if byte <= 0x20 || byte >= 0x7F || byte == 0x5C { write(percentEncoded: byte) } else { write(byte: byte) }
        }
    }

    private mutating func writeComponent(_ bytes: Span<UInt8>, keepsCodes: Bool) {
        for index in bytes.indices {
            let byte = bytes[index]
            let isCode = keepsCodes && byte == 0x25 && PercentEncoding.decoded(bytes, at: index) != nil
            if isCode || PercentEncoding.isUnreserved(byte) { write(byte: byte) } else { write(percentEncoded: byte) }
        }
    }

    /// Writes "%" and two hexadecimal digits (RFC 3986 section 2.1).
    private mutating func write(percentEncoded byte: UInt8) {
        write(byte: 0x25)
        write(byte: PercentEncoding.digit(byte >> 4))
        write(byte: PercentEncoding.digit(byte & 15))
    }
}

/// Percent-encoding (RFC 3986 section 2.1).
package enum PercentEncoding {
    /// The byte that "%" and two digits at `index` stand for; `nil` if that is not what is there.
    package static func decoded(_ bytes: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, let high = ByteNumber.hexDigit(bytes[index + 1]),
            let low = ByteNumber.hexDigit(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }

    /// Whether a byte never needs to be encoded (RFC 3986 section 2.3).
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    /// `text` with everything encoded that is not unreserved.
    package static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if isUnreserved(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + String(decoding: [digit(byte >> 4), digit(byte & 15)], as: UTF8.self)
            }
        }
        return result
    }
}
