// From the path of a request to that of a file below a folder. Pure.
import MartletHTTPCore

/// Where a file is to be looked for below a folder.
package struct FilePath: Equatable, Sendable {
    /// The path without "/" at its beginning and end, decoded; empty for the folder itself. No segment of it is empty, "." or
    /// "..", or has a slash or NUL in it.
    package let bytes: [UInt8]
    /// The path ends with a slash: it is one of a folder.
    package let isFolder: Bool
    /// A segment begins with a dot.
    package let isHidden: Bool

    /// Such a path must not be longer: Linux has no longer ones.
    private static let limit = 4000

    /// What stands behind the first `depth` segments of `path`, which is in the form in which paths are matched; `nil` if no file
    /// can be there.
    package init?(_ path: Span<UInt8>, behind depth: Int) {
        var bytes: [UInt8] = []
        var isHidden = false
        var segment = 0
        var start = 1
        while start < path.count {
            var end = start
            while end < path.count && path[end] != 0x2F { end += 1 }
            if segment >= depth && end > start {
                if !bytes.isEmpty { bytes.append(0x2F) }
                let first = bytes.count
                guard Self.decode(path.extracting(start..<end), onto: &bytes) else { return nil }
                let decoded = bytes.span.extracting(first..<bytes.count)
                if Self.areDots(decoded) { return nil }
                let isWellKnown = first == 0 && ByteScan.equals(decoded, StaticString(".well-known").bytes)
                if decoded[0] == 0x2E && !isWellKnown { isHidden = true }
            }
            segment += 1
            start = end + 1
        }
        if bytes.count > Self.limit { return nil }
        self.bytes = bytes
        self.isHidden = isHidden
        isFolder = path.isEmpty || path[path.count - 1] == 0x2F
    }

    /// `false` when something is in the segment that no name of a file can have.
    private static func decode(_ segment: Span<UInt8>, onto bytes: inout [UInt8]) -> Bool {
        var index = 0
        while index < segment.count {
            var byte = segment[index]
            if byte == 0x25 {
                guard index + 2 < segment.count, let high = ByteNumber.hexDigit(segment[index + 1]),
                    let low = ByteNumber.hexDigit(segment[index + 2])
                else { return false }
                byte = high << 4 | low
                index += 2
            }
            if byte == 0 || byte == 0x2F { return false }
            bytes.append(byte)
            index += 1
        }
        return true
    }

    private static func areDots(_ segment: Span<UInt8>) -> Bool {
        segment.count == 1 && segment[0] == 0x2E || segment.count == 2 && segment[0] == 0x2E && segment[1] == 0x2E
    }
}
