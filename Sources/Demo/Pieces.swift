// Bytes that came in pieces.
import MartletEventLoop

/// Puts received pieces together.
enum Pieces {
    /// Both as one; `nil` when that is too much for one buffer, which bounds what a peer can make us keep.
    static func join(_ first: consuming Buffer?, _ second: consuming Buffer) -> Buffer? {
        guard var first = consume first else { return second }
        if first.append(second.bytes) { return first }
        if second.prepend(first.bytes) { return second }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// The bytes as text.
    var text: String { String(decoding: indices.map { self[$0] }, as: UTF8.self) }
}
