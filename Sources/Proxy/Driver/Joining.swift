// Bytes that came in pieces.
import MartletEventLoop

/// Puts received pieces together. The loop fills a new buffer each time, whatever engine it runs on, so a head that comes
/// in pieces is copied; one that comes whole, as nearly all do, is not.
enum Joining {
    /// Both as one buffer; `nil` when memory is used up.
    static func join(_ first: consuming Buffer, _ second: consuming Buffer, pool: borrowing BufferPool) -> Buffer? {
        if second.count + Buffer.tailroom <= first.roomBehind && first.append(second.bytes) { return first }
        if first.count + KeptBytes.headroom <= second.roomInFront && second.prepend(first.bytes) { return second }
        // A piece of a head with a full buffer behind it is more than a large one holds.
        let room = first.count + second.count + Buffer.tailroom
        guard var larger = pool.take(room: room, headroom: KeptBytes.headroom) else { return nil }
        if !larger.append(first.bytes) || !larger.append(second.bytes) { return nil }
        return larger
    }
}

/// Bytes that wait, perhaps for long, on a connection.
enum KeptBytes {
    /// Enough for a chunk's first line.
    static var headroom: Int { 64 }

    /// The same bytes in a buffer that is not much larger than they are, so that many slow peers do not hold many large
    /// buffers. The buffer itself if there is no other.
    static func compact(_ buffer: consuming Buffer, pool: borrowing BufferPool) -> Buffer {
        if buffer.blockBytes <= BufferPool.smallBytes || buffer.count > buffer.blockBytes / 2 { return buffer }
        guard let smaller = copy(buffer.bytes, pool: pool) else { return buffer }
        return smaller
    }

    /// A copy with room around it; `nil` when memory is used up.
    static func copy(_ bytes: Span<UInt8>, pool: borrowing BufferPool) -> Buffer? {
        guard var copy = pool.take(room: bytes.count + Buffer.tailroom, headroom: headroom) else { return nil }
        if !copy.append(bytes) { return nil }
        return copy
    }

    /// How many bytes are kept.
    static func count(_ kept: borrowing Buffer?) -> Int {
        switch kept {
        case .some(let buffer): buffer.count
        case .none: 0
        }
    }

    /// Adds bytes to what is kept, in a buffer that grows with it; `false` when memory is used up.
    static func add(_ bytes: Span<UInt8>, to kept: inout Buffer?, pool: borrowing BufferPool) -> Bool {
        guard var held = kept.take() else {
            guard var first = take(room: bytes.count + Buffer.tailroom, pool: pool) else { return false }
            if !first.append(bytes) { return false }
            kept = consume first
            return true
        }
        if held.roomBehind >= bytes.count + Buffer.tailroom && held.append(bytes) {
            kept = consume held
            return true
        }
        // Twice as large, so that many small pieces are not copied over and over.
        let room = (held.count + bytes.count) * 2 + Buffer.tailroom
        guard var larger = take(room: room, pool: pool) else { return false }
        if !larger.append(held.bytes) || !larger.append(bytes) { return false }
        kept = consume larger
        return true
    }

    /// What a block of 16 KiB, which is one of the usual sizes, has room for.
    private static var mediumRoom: Int { 4 * BufferPool.smallRoom }

    /// A buffer of one of the usual sizes, if it fits one.
    private static func take(room: Int, pool: borrowing BufferPool) -> Buffer? {
        if room + headroom <= BufferPool.smallRoom { return pool.take(room: room, headroom: headroom) }
        if room <= mediumRoom { return pool.take(room: mediumRoom, headroom: headroom) }
        if room + headroom + Buffer.headroom > pool.largeBytes { return pool.take(room: room, headroom: headroom) }
        guard var large = pool.takeLarge() else { return nil }
        large.reset(headroom: headroom)
        return large
    }
}
