// Bytes that came in pieces.
import MartletEventLoop

/// Puts received pieces together. The loop fills a new buffer each time, whatever engine it runs on, so a head that comes
/// in pieces is copied; one that comes whole, as nearly all do, is not.
enum Joining {
    /// Both as one buffer; `nil` when there is no buffer that is large enough.
    static func join(_ first: consuming Buffer, _ second: consuming Buffer, pool: borrowing BufferPool) -> Buffer? {
        if second.count <= first.roomBehind && first.append(second.bytes) { return first }
        if first.count <= second.roomInFront && second.prepend(first.bytes) { return second }
        guard var larger = pool.takeLarge() else { return nil }
        if !larger.append(first.bytes) || !larger.append(second.bytes) { return nil }
        return larger
    }

    /// The same bytes in a small buffer if they fit one and there is one.
    static func compact(_ buffer: consuming Buffer, pool: borrowing BufferPool) -> Buffer {
        if buffer.blockBytes <= BufferPool.smallBytes || buffer.count > BufferPool.smallRoom / 2 { return buffer }
        guard let small = pool.copy(buffer.bytes) else { return buffer }
        return small
    }
}
