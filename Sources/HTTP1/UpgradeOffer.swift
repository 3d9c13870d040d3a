// The protocols that a message names to switch to (RFC 9110 section 7.8).

import MartletHTTPCore

/// Walks over the protocols in a head's Upgrade fields, in their order: "websocket", "spdy/3.1". Empty elements of the
/// lists are left out.
package struct UpgradeCursor: BitwiseCopyable {
    private var line = 0
    private var list: ListCursor?

    /// At the first protocol.
    package init() {}

    /// The next protocol as it was sent; nil at the end.
    /// - Parameter bytes: the arena of the head whose `fields` these are, the same in each call.
    package mutating func next(_ fields: borrowing FieldTable, in bytes: Span<UInt8>) -> ByteRange? {
        while true {
            while let element = list?.next(in: bytes) {
                if !element.isEmpty { return element }
            }
            while line < fields.count, fields[line].known != .upgrade { line += 1 }
            if line == fields.count { return nil }
            list = ListCursor(fields[line].value)
            line += 1
        }
    }
}

extension FieldTable {
    /// Whether Connection says "upgrade", without which Upgrade means nothing (RFC 9110 section 7.8).
    package func nominatesUpgrade(in bytes: Span<UInt8>) -> Bool {
        for index in 0..<count where self[index].known == .connection {
            var list = ListCursor(self[index].value)
            while let option = list.next(in: bytes) {
                if ByteScan.equals(bytes.extracting(option), lowercase: "upgrade") { return true }
            }
        }
        return false
    }
}
