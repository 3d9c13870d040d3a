// Buffers in line. One of the few files that hold `unsafe`: the queue is linked through the blocks' own headers.

/// A first-in, first-out queue of buffers that takes no memory of its own.
@safe
struct BufferQueue: ~Copyable {
    var first: UnsafeMutablePointer<BlockHeader>?
    private var last: UnsafeMutablePointer<BlockHeader>?

    deinit {
        var next = unsafe first
        while let block = unsafe next {
            unsafe next = block.pointee.next
            _ = unsafe Buffer(queued: block)
        }
    }

    var isEmpty: Bool { unsafe first == nil }

    mutating func append(_ buffer: consuming Buffer) {
        let block = unsafe buffer.queue()
        if let last = unsafe self.last {
            unsafe last.pointee.next = block
        } else {
            unsafe first = block
        }
        unsafe last = block
    }

    mutating func prepend(_ buffer: consuming Buffer) {
        let block = unsafe buffer.queue()
        unsafe block.pointee.next = first
        unsafe first = block
        if unsafe last == nil { unsafe last = block }
    }

    mutating func popFirst() -> Buffer? {
        guard let block = unsafe first else { return nil }
        unsafe first = block.pointee.next
        if unsafe first == nil { unsafe last = nil }
        return unsafe Buffer(queued: block)
    }
}
