// Field blocks that come in several frames (RFC 9113 section 4.3).

import MartletHTTPCore

/// A field block that is put together from HEADERS and CONTINUATION. Most blocks come whole and never get here.
@usableFromInline
struct BlockGathering: ~Copyable {
    private var storage = ByteStore(count: 0)
    private var used = 0
    /// The stream whose block is incomplete; 0 if none is.
    private(set) var stream: UInt32 = 0
    /// The stream ends with the block.
    private(set) var endStream = false
    /// The stream depends on itself, which is told when the block is whole.
    private(set) var isSelfDependent = false
    /// When the block began, in milliseconds.
    private(set) var since: UInt64 = 0
    /// CONTINUATION frames so far.
    private(set) var frames = 0

    /// Whether a block is incomplete: nothing but CONTINUATION may come.
    @inline(__always)
    var isOpen: Bool { stream != 0 }

    /// The block so far.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span(first: used) }
    }

    /// Begins a block with HEADERS.
    mutating func begin(_ header: FrameHeader, isSelfDependent: Bool, now: UInt64) {
        stream = header.stream
        endStream = header.flags.contains(.endStream)
        self.isSelfDependent = isSelfDependent
        since = now
        frames = 0
        used = 0
    }

    /// Adds a fragment. False if the block becomes larger than `most` bytes; then nothing is added.
    mutating func append(_ fragment: Span<UInt8>, most: Int) -> Bool {
        guard fragment.count <= most - used else { return false }
        let needed = used + fragment.count
        if needed > storage.count {
            var larger = ByteStore(count: min(max(needed * 2, 4096), most))
            larger.copy(bytes, from: 0, count: used, to: 0)
            storage = larger
        }
        storage.copy(fragment, from: 0, count: fragment.count, to: used)
        used = needed
        return true
    }

    /// Counts a CONTINUATION frame.
    mutating func countFrame() { frames += 1 }

    /// The block is whole; its bytes stay until `release`.
    mutating func end() { stream = 0 }

    /// Gives the memory back.
    mutating func release() {
        used = 0
        storage = ByteStore(count: 0)
    }
}
