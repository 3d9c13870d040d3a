// The checker of debug builds: whoever uses a buffer that was given back, the kernel included, is found out. One of the few files
// that hold `unsafe`: it looks into blocks that nobody has.
#if DEBUG
import CEventLoop
import Glibc

extension PoolState {
    private static var mark: UInt8 { 0xDD }
    /// The first page alone is marked: all blocks have it, and it has been touched anyway.
    private static var markedBytes: Int { BufferPool.smallBytes - Buffer.origin }

    /// Marks a block that nobody has from now on. With the address sanitizer, whoever touches it is told at once.
    static func seal(_ block: UnsafeMutablePointer<BlockHeader>) {
        let first = unsafe UnsafeMutableRawPointer(block) + Buffer.origin
        unsafe first.initializeMemory(as: UInt8.self, repeating: mark, count: markedBytes)
        unsafe martlet_forbid(first, Int(block.pointee.blockBytes) - Buffer.origin)
    }

    /// Makes a block fit to be had again. Traps when something was written to it meanwhile.
    static func open(_ block: UnsafeMutablePointer<BlockHeader>) {
        let first = unsafe UnsafeRawPointer(block) + Buffer.origin
        unsafe martlet_permit(first, Int(block.pointee.blockBytes) - Buffer.origin)
        // All are the same as the first one.
        let isWhole = unsafe first.load(as: UInt8.self) == mark && memcmp(first, first + 1, markedBytes - 1) == 0
        precondition(isWhole, "a buffer was written to that nobody had")
    }
}
#endif
