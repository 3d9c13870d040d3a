// Which hosts a route is for.

/// A host by its whole name, or all hosts below a name: `*.example.com`. Case does not matter.
package struct HostPattern: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without the wildcard: "example.com", or ".example.com" with `isWildcard`.
    package let name: String
    /// One label or more may stand in front.
    package let isWildcard: Bool

    /// - Parameter text: `example.com`, `*.example.com`, an address, or `[::1]`; no port.
    package init(parsing text: String) throws(PatternError) {
        let bytes = Array(text.lowercased().utf8)
        isWildcard = bytes.starts(with: "*.".utf8)
        let name = Array(bytes.dropFirst(isWildcard ? 1 : 0))
        if name.isEmpty { throw PatternError(offset: 0, message: "a host name such as example.com or *.example.com") }
        try Self.check(name, shift: isWildcard ? 1 : 0)
        self.name = String(decoding: name.last == 0x2E ? name.dropLast() : name[...], as: UTF8.self)
    }

    private static func check(_ name: [UInt8], shift: Int) throws(PatternError) {
        if name.first == 0x5B && name.last == 0x5D { return }
        for (index, byte) in name.enumerated() {
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: continue
            case 0x2E:
                if index > 0 && name[index - 1] == 0x2E {
                    throw PatternError(offset: index + shift, message: "a label between two dots")
                }
            case 0x3A:
                throw PatternError(offset: index + shift, message: "a host without a port: routes match any port")
            case 0x2A:
                throw PatternError(offset: index + shift, message: "`*` only as the first label, as in *.example.com")
            default:
                throw PatternError(offset: index + shift, message: "letters, digits, '-', '_' and '.' in a host name")
            }
        }
    }

    package var description: String { isWildcard ? "*" + name : name }
}
