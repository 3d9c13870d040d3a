// Which hosts a route is for.
import MartletHTTPCore

/// A host by its whole name, or all hosts below a name: `*.example.com`. Case does not matter.
package struct HostPattern: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without the wildcard: "example.com", or ".example.com" with `isWildcard`.
    package let name: String
    /// One label or more may stand in front.
    package let isWildcard: Bool

    /// - Parameter text: `example.com`, `*.example.com`, an IPv4 address, or an IPv6 address in brackets; no port.
    package init(parsing text: String) throws(PatternError) {
        if Self.isName(text) {
            (name, isWildcard) = (text, false)
            return
        }
        // Letters beyond US-ASCII stay as they are, and are refused below: "K" may be the sign of the unit Kelvin.
        var bytes = text.utf8.map(ByteScan.lowercased)
        isWildcard = bytes.starts(with: "*.".utf8)
        if bytes.first == 0x5B {
            try Self.checkAddress(text)
        } else {
            try Self.check(bytes, from: isWildcard ? 2 : 0)
        }
        if bytes.last == 0x2E { bytes.removeLast() }
        name = String(decoding: bytes[(isWildcard ? 1 : 0)...], as: UTF8.self)
    }

    /// Whether it is a name as it is compared: most are, and nothing has to be made of them.
    private static func isName(_ text: String) -> Bool {
        var last = UInt8(ascii: ".")
        for byte in text.utf8 {
            if complaint(byte, behind: last) != nil { return false }
            last = byte
        }
        return last != UInt8(ascii: ".")
    }

    private static func checkAddress(_ text: String) throws(PatternError) {
        if text.utf8.last != 0x5D || IPAddress(parsing: text.dropFirst().dropLast()) == nil {
            throw PatternError(offset: 0, message: "an IPv6 address in brackets, such as [::1]")
        }
    }

    private static func check(_ bytes: [UInt8], from start: Int) throws(PatternError) {
        if bytes.count == start || bytes[start] == 0x2E {
            throw PatternError(offset: 0, message: "a host name such as example.com or *.example.com")
        }
        for index in start..<bytes.count {
            if let message = complaint(bytes[index], behind: index > start ? bytes[index - 1] : 0) {
                throw PatternError(offset: index, message: message)
            }
        }
    }

    /// What should stand in place of `byte`; `nil` if nothing is wrong with it.
    private static func complaint(_ byte: UInt8, behind last: UInt8) -> String? {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: nil
        case 0x2E: last == 0x2E ? "a label between two dots" : nil
        case 0x3A: "a host without a port: routes match any port"
        case 0x2A: "`*` only as the first label, as in *.example.com"
        default: "letters, digits, '-', '_' and '.' in a host name"
        }
    }

    package var description: String { isWildcard ? "*" + name : name }
}
