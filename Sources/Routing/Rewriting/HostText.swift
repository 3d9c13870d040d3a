// Hosts that are made of parts of requests.
import MartletHTTPCore

/// Looks at hosts that are written for servers.
package enum HostText {
    /// Whether `text` is a host, perhaps with a port: an address in brackets, or labels of letters, digits, "-" and "_", none of
    /// which is empty but for one behind a last dot. That is less than RFC 3986 allows: whatever a client may choose a part of
    /// must not mean two things.
    package static func isHost(_ text: Span<UInt8>) -> Bool {
        guard HostRule.allows(text, ByteRange(from: 0, to: text.count)) else { return false }
        if text[0] == 0x5B { return true }
        var label = 0
        for index in text.indices {
            let byte = text[index]
            if byte == 0x3A { return label > 0 || index > 1 && text[index - 1] == 0x2E }
            if byte == 0x2E {
                if label == 0 { return false }
                label = 0
            } else {
                guard ByteKind(byte) == .word || byte == 0x2D else { return false }
                label += 1
            }
        }
        return label > 0 || text.count > 1
    }
}
