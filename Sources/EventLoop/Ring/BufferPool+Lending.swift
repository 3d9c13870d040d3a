// Buffers that the kernel receives into on its own time. One of the few files that hold `unsafe`: who has a block is noted
// by hand here.

extension BufferPool {
    /// Gives a buffer to the kernel. It is nobody's then, and comes back by `takeBack`.
    func lend(_ buffer: consuming Buffer) -> UnsafeMutablePointer<BlockHeader> {
        let bytes = buffer.blockBytes
        unsafe state.pointee.usedBytes -= bytes
        unsafe state.pointee.lentBytes += bytes
        return unsafe buffer.queue()
    }

    /// The buffer that was given to the kernel.
    @unsafe
    func takeBack(_ block: UnsafeMutablePointer<BlockHeader>) -> Buffer {
        let buffer = unsafe Buffer(queued: block)
        unsafe state.pointee.lentBytes -= buffer.blockBytes
        unsafe state.pointee.usedBytes += buffer.blockBytes
        return buffer
    }

    /// How much the kernel can receive into a buffer. They are small: who receives more at a time is served by the loop itself, and a
    /// peer that sends as fast as it can has filled many before the loop knows.
    static var lentRoom: Int { smallRoom - Buffer.headroom - Buffer.tailroom }

    /// Whether more than half of the memory is with owners.
    var isScarce: Bool { usedBytes > limitBytes / 2 }

    /// A buffer to be given to the kernel, unless those who own buffers would have to do without.
    func takeForLending() -> Buffer? {
        if unsafe state.pointee.usedBytes + state.pointee.lentBytes + Self.smallBytes > state.pointee.limitBytes {
            return nil
        }
        guard var buffer = takeSmall() else { return nil }
        buffer.reset()
        return buffer
    }
}
