// Where buffers come from. One of the few files that hold `unsafe`: free blocks are linked through their own memory.
import CEventLoop

/// Free blocks of one size.
@unsafe
struct FreeBlocks {
    var first: UnsafeMutablePointer<BlockHeader>?
    var count = 0
    /// The least that there were since the last look: so many were of no use.
    var least = 0
    /// How many are kept at most; more go back to the kernel.
    let most: Int

    mutating func push(_ block: UnsafeMutablePointer<BlockHeader>) {
        #if DEBUG
        unsafe PoolState.seal(block)
        #endif
        unsafe block.pointee.next = first
        unsafe first = block
        unsafe count += 1
    }

    mutating func pop() -> UnsafeMutablePointer<BlockHeader>? {
        guard let block = unsafe first else { return nil }
        #if DEBUG
        unsafe PoolState.open(block)
        #endif
        unsafe first = block.pointee.next
        unsafe count -= 1
        unsafe least = min(least, count)
        return unsafe block
    }

    /// Gives back to the kernel what was of no use since the last call, down to `kept` blocks of `bytes` bytes.
    mutating func trim(to kept: Int, bytes: Int) {
        let useless = unsafe min(least, count - kept)
        for _ in 0..<max(useless, 0) {
            if let block = unsafe pop() { unsafe martlet_pages_free(block, bytes) }
        }
        unsafe least = count
    }
}

/// The pool behind all buffers of a loop. It outlives the pool's owner until the last buffer is back.
@unsafe
@usableFromInline
struct PoolState {
    var large: FreeBlocks
    var medium: FreeBlocks
    var freeSmall: UnsafeMutablePointer<BlockHeader>?
    let largeBytes: Int
    /// Bytes of blocks that are with an owner now.
    var usedBytes = 0
    /// Bytes of blocks that the kernel may receive into, which nobody owns.
    var lentBytes = 0
    let limitBytes: Int
    var isClosed = false

    /// Returns a block to its pool.
    @usableFromInline
    static func giveBack(_ block: UnsafeMutablePointer<BlockHeader>) {
        let pool = unsafe block.pointee.pool
        let bytes = Int(unsafe block.pointee.blockBytes)
        unsafe pool.pointee.usedBytes -= bytes
        if bytes == BufferPool.smallBytes {
            #if DEBUG
            unsafe seal(block)
            #endif
            unsafe block.pointee.next = pool.pointee.freeSmall
            unsafe pool.pointee.freeSmall = block
        } else if unsafe pool.pointee.isClosed {
            unsafe martlet_pages_free(block, bytes)
        } else if unsafe bytes == pool.pointee.largeBytes && pool.pointee.large.count < pool.pointee.large.most {
            unsafe pool.pointee.large.push(block)
        } else if unsafe bytes == BufferPool.mediumBytes && bytes != pool.pointee.largeBytes
            && pool.pointee.medium.count < pool.pointee.medium.most
        {
            unsafe pool.pointee.medium.push(block)
        } else {
            unsafe martlet_pages_free(block, bytes)
        }
        if unsafe pool.pointee.isClosed && pool.pointee.usedBytes == 0 { unsafe pool.deallocate() }
    }
}

/// A loop's buffers. Three sizes: large ones to receive into, medium ones to receive into when memory is scarce, small ones
/// to keep a few bytes in for long. Free blocks are stacks, so the one that is used next is the one that is warm in the cache.
@safe
@usableFromInline
package struct BufferPool: ~Copyable {
    /// The small block, header included.
    package static var smallBytes: Int { 4096 }
    /// The most bytes that a small buffer holds when it leaves no headroom.
    package static var smallRoom: Int { smallBytes - Buffer.origin }
    /// The default large block: 64 KiB of content with its head, received at once.
    package static var defaultLargeBytes: Int { 72 << 10 }
    /// The medium block, header included.
    static var mediumBytes: Int { 16 << 10 }
    /// Free blocks of a size that are always kept; more only while they are used, up to a part of all memory.
    static var keptBlocks: Int { 64 }
    /// Which part of all memory may be kept in free large blocks, and in medium ones.
    private static var keptPart: Int { 4 }
    private static var smallChunk: Int { 256 << 10 }

    let state: UnsafeMutablePointer<PoolState>

    /// - Parameters:
    ///   - limitBytes: how much memory may be with owners at a time.
    ///   - largeBytes: the size of a large block, a multiple of the page size and more than a small block.
    package init(limitBytes: Int, largeBytes: Int = BufferPool.defaultLargeBytes) {
        // Smaller ones have no room behind the headroom; those of small buffers' size would be mistaken for them.
        precondition(largeBytes > Self.smallBytes && largeBytes % 4096 == 0, "no size for a large block")
        unsafe state = .allocate(capacity: 1)
        let kept = limitBytes / Self.keptPart
        let value = unsafe PoolState(
            large: FreeBlocks(most: max(Self.keptBlocks, kept / largeBytes)),
            medium: FreeBlocks(most: max(Self.keptBlocks, kept / Self.mediumBytes)),
            largeBytes: largeBytes, limitBytes: limitBytes)
        unsafe state.initialize(to: value)
    }

    /// Gives back to the kernel what nobody has used since the last call.
    func trim() {
        unsafe state.pointee.large.trim(to: Self.keptBlocks, bytes: state.pointee.largeBytes)
        unsafe state.pointee.medium.trim(to: Self.keptBlocks, bytes: Self.mediumBytes)
    }

    /// Whether there is more than is always kept.
    var hasSpare: Bool {
        unsafe state.pointee.large.count > Self.keptBlocks || state.pointee.medium.count > Self.keptBlocks
    }

    deinit {
        unsafe state.pointee.isClosed = true
        while let block = unsafe state.pointee.large.pop() {
            unsafe martlet_pages_free(block, state.pointee.largeBytes)
        }
        while let block = unsafe state.pointee.medium.pop() { unsafe martlet_pages_free(block, Self.mediumBytes) }
        if unsafe state.pointee.usedBytes == 0 { unsafe state.deallocate() }
    }

    /// Bytes of blocks that are with an owner now.
    package var usedBytes: Int { unsafe state.pointee.usedBytes }
    /// The bound of `usedBytes`.
    package var limitBytes: Int { unsafe state.pointee.limitBytes }

    /// The size of a large block.
    package var largeBytes: Int { unsafe state.pointee.largeBytes }

    /// A large buffer, or `nil` when the bound is reached or the kernel has no memory.
    package func takeLarge() -> Buffer? { takeLarge(isBounded: true) }

    private func takeLarge(isBounded: Bool) -> Buffer? {
        let bytes = unsafe state.pointee.largeBytes
        if unsafe isBounded && state.pointee.usedBytes + bytes > state.pointee.limitBytes { return nil }
        let block: UnsafeMutablePointer<BlockHeader>
        if let free = unsafe state.pointee.large.pop() {
            unsafe block = free
        } else {
            guard let pages = unsafe martlet_pages(bytes) else { return nil }
            unsafe block = makeBlock(pages, bytes)
        }
        unsafe state.pointee.usedBytes += bytes
        return unsafe Buffer(block: block, headroom: Buffer.headroom)
    }

    /// A small buffer without headroom, or `nil` when the bound is reached or the kernel has no memory.
    package func takeSmall() -> Buffer? { takeSmall(isBounded: true) }

    private func takeSmall(isBounded: Bool) -> Buffer? {
        if unsafe isBounded && state.pointee.usedBytes + Self.smallBytes > state.pointee.limitBytes { return nil }
        if unsafe state.pointee.freeSmall == nil && !addSmall() { return nil }
        guard let block = unsafe state.pointee.freeSmall else { return nil }
        #if DEBUG
        unsafe PoolState.open(block)
        #endif
        unsafe state.pointee.freeSmall = block.pointee.next
        unsafe state.pointee.usedBytes += Self.smallBytes
        return unsafe Buffer(block: block, headroom: 0)
    }

    /// A buffer for at least `room` bytes behind `headroom`: small if that is enough, else of as many pages as it takes.
    /// `nil` when the bound is reached or the kernel has no memory. Pages for one buffer cost two system calls, unless they
    /// make one of the usual sizes, so this is for bytes that stay for long, or are more than a large buffer holds.
    package func take(room: Int, headroom: Int = 0) -> Buffer? {
        take(room: room, headroom: headroom, isBounded: true)
    }

    /// The same; without a bound only for ciphers, see `takeForSealing`.
    func take(room: Int, headroom: Int = 0, isBounded: Bool) -> Buffer? {
        let wanted = Buffer.origin + headroom + room
        if wanted <= Self.smallBytes {
            guard var small = takeSmall(isBounded: isBounded) else { return nil }
            small.reset(headroom: headroom)
            return small
        }
        // One page more than a small block has, at least: its size tells where a block belongs.
        let bytes = max((wanted + 4095) & ~4095, 2 * Self.smallBytes)
        if bytes == largeBytes {
            guard var large = takeLarge(isBounded: isBounded) else { return nil }
            large.reset(headroom: headroom)
            return large
        }
        if bytes == Self.mediumBytes { return takeMedium(headroom, isBounded) }
        if unsafe isBounded && state.pointee.usedBytes + bytes > state.pointee.limitBytes { return nil }
        guard let pages = unsafe martlet_pages(bytes) else { return nil }
        unsafe state.pointee.usedBytes += bytes
        return unsafe Buffer(block: makeBlock(pages, bytes), headroom: headroom)
    }

    private func takeMedium(_ headroom: Int, _ isBounded: Bool) -> Buffer? {
        let bytes = Self.mediumBytes
        if unsafe isBounded && state.pointee.usedBytes + bytes > state.pointee.limitBytes { return nil }
        var block = unsafe state.pointee.medium.pop()
        if unsafe block == nil, let pages = unsafe martlet_pages(bytes) { unsafe block = makeBlock(pages, bytes) }
        guard let block = unsafe block else { return nil }
        unsafe state.pointee.usedBytes += bytes
        return unsafe Buffer(block: block, headroom: headroom)
    }

    /// A buffer to receive into: large, or of 16 KiB when more than half of the memory is with owners, so that many slow
    /// readers share what is left.
    func takeForReceiving() -> Buffer? {
        if unsafe state.pointee.usedBytes <= state.pointee.limitBytes / 2 { return takeLarge() }
        return take(room: Self.frugalRoom, headroom: Buffer.headroom)
    }

    /// A buffer to receive a cipher's bytes into: at least a page more than the plaintext may be longer than they.
    func takeForReceiving(held: Int) -> Buffer? {
        take(room: receivingBytes(held: held) - Buffer.origin - Buffer.headroom, headroom: Buffer.headroom)
    }

    /// A buffer for encrypted bytes, without headroom, that has room for `room` bytes or is large. It is had even beyond
    /// the bound: each stands beside a buffer of plaintext that is counted, so both together take twice the bound at most,
    /// and a full pool cannot keep the very bytes back whose sending would empty it. `nil` when the kernel has no memory.
    func takeForSealing(room: Int) -> Buffer? {
        if room <= Self.smallRoom { return takeSmall(isBounded: false) }
        guard var large = takeLarge(isBounded: false) else { return nil }
        large.reset(headroom: 0)
        return large
    }

    /// The size of the block that is taken to receive into now.
    func receivingBytes(held: Int) -> Int {
        let isScarce = unsafe state.pointee.usedBytes > state.pointee.limitBytes / 2
        if !isScarce && Buffer.origin + Buffer.headroom + held + 4096 <= largeBytes { return largeBytes }
        return (Buffer.origin + Buffer.headroom + held + Self.frugalRoom + 4095) & ~4095
    }

    /// Room for received bytes while memory is scarce; with head- and tailroom it makes 16 KiB.
    private static var frugalRoom: Int { (16 << 10) - Buffer.origin - Buffer.headroom }

    /// A buffer, small if that is enough, that holds a copy of `bytes`; `nil` when there is none.
    package func copy(_ bytes: Span<UInt8>) -> Buffer? {
        guard var buffer = take(room: bytes.count) else { return nil }
        if !buffer.append(bytes) { return nil }
        return buffer
    }

    private func makeBlock(_ memory: UnsafeMutableRawPointer, _ bytes: Int) -> UnsafeMutablePointer<BlockHeader> {
        let block = unsafe memory.bindMemory(to: BlockHeader.self, capacity: 1)
        unsafe block.initialize(to: BlockHeader(pool: state, next: nil, blockBytes: Int32(bytes)))
        return unsafe block
    }

    private func addSmall() -> Bool {
        guard let pages = unsafe martlet_pages(Self.smallChunk) else { return false }
        for offset in stride(from: 0, to: Self.smallChunk, by: Self.smallBytes) {
            let block = unsafe makeBlock(pages + offset, Self.smallBytes)
            #if DEBUG
            unsafe PoolState.seal(block)
            #endif
            unsafe block.pointee.next = state.pointee.freeSmall
            unsafe state.pointee.freeSmall = block
        }
        return true
    }
}
