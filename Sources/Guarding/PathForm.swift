// What a path may become on its way: servers decode it, and some do more.
import MartletHTTPCore

/// The form in which a path cannot be taken for another one.
package enum PathForm {
    /// Whether somebody may read another path into it: it has "%", a backslash, two slashes on end, or a segment that begins with a
    /// dot.
    package static func isAmbiguous(_ path: Span<UInt8>) -> Bool {
        var before: UInt8 = 0
        for index in 0..<path.count {
            let byte = path[index]
            if byte == 0x25 || byte == 0x5C || before == 0x2F && (byte == 0x2F || byte == 0x2E) { return true }
            before = byte
        }
        return false
    }

    /// The path with all that is percent-encoded decoded once, backslashes as slashes, runs of slashes as one, and without
    /// segments of dots (RFC 3986 section 5.2.4). It begins with "/".
    package static func plain(_ path: Span<UInt8>) -> [UInt8] {
        var segments: [[UInt8]] = []
        var segment: [UInt8] = []
        var isDirectory = false
        func end() {
            let isDots = segment == [0x2E] || segment == [0x2E, 0x2E]
            if segment == [0x2E, 0x2E] { _ = segments.popLast() }
            isDirectory = segment.isEmpty || isDots
            if !segment.isEmpty && !isDots { segments.append(segment) }
            segment.removeAll()
        }
        var index = 0
        while index < path.count {
            var byte = path[index]
            index += 1
            if byte == 0x25, index + 1 < path.count, let high = digit(path[index]), let low = digit(path[index + 1]) {
                byte = high << 4 | low
                index += 2
            }
            if byte == 0x2F || byte == 0x5C { end() } else { segment.append(byte) }
        }
        end()
        var plain: [UInt8] = []
        for segment in segments { plain += [0x2F] + segment }
        return isDirectory || plain.isEmpty ? plain + [0x2F] : plain
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
