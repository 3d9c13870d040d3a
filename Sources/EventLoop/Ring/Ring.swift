// The ring of a loop. One of the few files that hold `unsafe`: the kernel reads and writes memory on its own time, and what
// it may have is noted here.
import CEventLoop
import Glibc

/// One thread's ring of io_uring(7), and the buffers that are lent to the kernel so that it may receive into them.
///
/// What is submitted waits in the ring's memory until `enter`. A buffer that is lent belongs to the kernel: it comes back as
/// a `Buffer` when a completion names it, or when the ring is closed.
@safe
struct Ring: ~Copyable {
    /// The most buffers that can be lent at a time.
    static var mostLent: Int { 512 }
    /// So many are lent where little happens.
    private static var fewLent: Int { 32 }
    /// Which part of the memory for buffers may be lent.
    static var lentPart: Int { 8 }
    /// From so many bytes on a call of its own costs less than bytes that are no longer in the processor's cache when all that was
    /// asked for in a turn is done: they are sent at once.
    static var bulkBytes: Int { 32 << 10 }
    /// So many receives in a row have to bring less than a lent buffer holds, until the kernel receives by itself again.
    static var bulkPatience: UInt8 { 16 }
    /// So many completions are seen to in a turn.
    static var mostCompletions: Int { 256 }
    /// Among so few completions there is nothing to be gained by sending together.
    static var loneCompletions: Int { 2 }
    private static var submissions: UInt32 { 512 }
    private static var completions: UInt32 { 4096 }

    private let ring: UnsafeMutablePointer<martlet_ring>
    /// Blocks that are lent, by their number.
    private let blocks: UnsafeMutablePointer<UnsafeMutablePointer<BlockHeader>?>
    private var freeNumbers = Table<UInt16>(reserving: Ring.mostLent)
    /// How many buffers the kernel has.
    private(set) var lentCount = 0
    /// How many it is to have, and the most that it may have.
    private(set) var wantedCount = 0
    private var mostWanted = 0
    /// The fewest that the kernel has had since the last look: so many were of no use.
    private var leastLent = Int.max
    /// Tasks that the kernel has not completed.
    var taskCount = 0
    /// Whether the loop runs: tasks can be submitted.
    private(set) var isRunning = false

    /// No ring: another engine runs.
    init(none: Void) {
        unsafe ring = .allocate(capacity: 1)
        unsafe ring.initialize(to: martlet_ring())
        unsafe ring.pointee.fd = -1
        unsafe blocks = .allocate(capacity: Self.mostLent)
        unsafe blocks.initialize(repeating: nil, count: Self.mostLent)
    }

    /// - Parameter mostWanted: how many buffers are lent at most.
    init(mostWanted: Int) throws(RingRefusal) {
        self.init(none: ())
        self.mostWanted = min(mostWanted, Self.mostLent)
        wantedCount = min(mostWanted, Self.fewLent)
        for number in (0..<Self.mostLent).reversed() { freeNumbers.append(UInt16(number)) }
        let result = unsafe martlet_ring_open(ring, Self.submissions, Self.completions, UInt32(Self.mostLent))
        if result < 0 { throw RingRefusal(result) }
    }

    deinit {
        // `close` has closed it, and has given the buffers back.
        unsafe ring.deallocate()
        unsafe blocks.deallocate()
    }

    /// The kernel had no buffer: it is to have more.
    mutating func wantMore() { wantedCount = min(wantedCount * 2, mostWanted) }

    /// A turn has come to where buffers are lent again.
    mutating func noteLent() { leastLent = min(leastLent, lentCount) }

    /// The kernel has half as many from now on if it has not needed more since the last call. It fills them in turn, so those that it
    /// does not need only make it write where the cache is cold.
    mutating func wantLess() {
        if leastLent > wantedCount / 2 { wantedCount = max(wantedCount / 2, min(mostWanted, Self.fewLent)) }
        leastLent = lentCount
    }

    /// Makes the ring the calling thread's.
    mutating func start() throws(SystemError) {
        _ = try SystemError.check(unsafe martlet_ring_start(ring))
        isRunning = true
    }

    /// From now on nothing is submitted for sockets that are open.
    mutating func pause() { isRunning = false }

    /// Ends what `start` began. The kernel must have nothing left to do.
    mutating func stop() {
        isRunning = false
        unsafe martlet_ring_stop(ring)
    }

    /// Closes the ring: the kernel has none of the buffers any longer.
    func close(_ pool: borrowing BufferPool) {
        unsafe martlet_ring_close(ring)
        for number in 0..<Self.mostLent {
            if let block = unsafe blocks[number] { _ = unsafe pool.takeBack(block) }
            unsafe blocks[number] = nil
        }
    }

    /// Hands over what was submitted and waits for `wanted` completions, at most so many nanoseconds; -1 for ever.
    func enter(wanted: UInt32, nanoseconds: Int64) -> Int32 { unsafe martlet_ring_enter(ring, wanted, nanoseconds) }

    /// How many completions there are.
    var count: Int { Int(unsafe martlet_ring_count(ring)) }

    /// Takes the first of the completions, of which there must be one.
    func take() -> martlet_completion { unsafe martlet_ring_take(ring) }

    // MARK: Tasks

    /// Makes room for a submission. The kernel takes at once what it is handed.
    private func makeRoom() {
        while unsafe martlet_ring_has_room(ring) == 0 {
            let result = unsafe martlet_ring_enter(ring, 0, 0)
            precondition(
                result == 0 || result == -EINTR || result == -EAGAIN || result == -EBUSY, "the ring takes nothing")
        }
    }

    mutating func receive(_ descriptor: Int32, name: UInt64) {
        makeRoom()
        unsafe martlet_ring_receive(ring, descriptor, name)
        taskCount += 1
    }

    mutating func accept(_ descriptor: Int32, name: UInt64) {
        makeRoom()
        unsafe martlet_ring_accept(ring, descriptor, name)
        taskCount += 1
    }

    /// Sends bytes of a queue, which keeps them until the completion has come, as far as there is room for them.
    mutating func send(_ bytes: UnsentBytes, _ descriptor: Int32, name: UInt64) {
        makeRoom()
        unsafe martlet_ring_send(ring, descriptor, bytes.start, UInt32(bytes.count), name)
        taskCount += 1
    }

    /// Waits for events.
    /// - Parameter again: not for the next one alone.
    mutating func poll(_ descriptor: Int32, _ events: UInt32, again: Bool = false, name: UInt64) {
        makeRoom()
        unsafe martlet_ring_poll(ring, descriptor, events, again ? 1 : 0, name)
        taskCount += 1
    }

    /// Cancels a task, whose completion still comes.
    mutating func cancel(_ target: UInt64) {
        makeRoom()
        unsafe martlet_ring_cancel(ring, 0, target, RingTask.cancel.name(Token(index: 0, generation: 0)))
    }

    /// Cancels all tasks, whose completions still come.
    mutating func cancelAll() {
        makeRoom()
        unsafe martlet_ring_cancel(ring, 1, 0, RingTask.cancel.name(Token(index: 0, generation: 0)))
    }

    // MARK: Buffers

    /// Lends a buffer to the kernel.
    mutating func lend(_ buffer: consuming Buffer, from pool: borrowing BufferPool) {
        guard let number = freeNumbers.popLast() else { return }
        let room = buffer.roomBehind - Buffer.tailroom
        let place = unsafe buffer.raw + buffer.end
        let block = unsafe pool.lend(buffer)
        unsafe blocks[Int(number)] = block
        lentCount += 1
        unsafe martlet_ring_lend(ring, place, UInt32(room), number)
    }

    /// The buffer that a completion names, with the bytes that were received.
    mutating func takeBack(_ completion: martlet_completion, to pool: borrowing BufferPool) -> Buffer? {
        let number = Int(completion.flags >> 16)
        guard completion.flags & martlet_ring_has_buffer != 0, number < Self.mostLent,
            let block = unsafe blocks[number]
        else { return nil }
        unsafe blocks[number] = nil
        freeNumbers.append(UInt16(number))
        lentCount -= 1
        var buffer = unsafe pool.takeBack(block)
        let count = max(0, Int(completion.result))
        precondition(count <= buffer.roomBehind - Buffer.tailroom, "more received than there is room")
        buffer.end += count
        return buffer
    }
}

/// Where bytes lie that the kernel is to send.
@safe
struct UnsentBytes {
    fileprivate let start: UnsafeRawPointer
    fileprivate let count: Int
}

extension BufferQueue {
    /// What has not been sent of the first buffer, which stays the queue's.
    var firstUnsent: UnsentBytes? {
        guard let block = unsafe first else { return nil }
        let start = Int(unsafe block.pointee.queuedStart + block.pointee.queuedSent)
        return unsafe UnsentBytes(start: UnsafeRawPointer(block) + start, count: Int(block.pointee.queuedEnd) - start)
    }

    /// Counts bytes of the first buffer as sent.
    mutating func noteSent(_ count: Int) {
        if let block = unsafe first { unsafe block.pointee.queuedSent += Int32(count) }
    }

    /// Whether all of the first buffer has been sent.
    var isFirstSent: Bool {
        guard let block = unsafe first else { return false }
        return unsafe block.pointee.queuedStart + block.pointee.queuedSent >= block.pointee.queuedEnd
    }

    /// A copy of the first buffer, whole; `nil` when there is none, or no memory.
    borrowing func copyFirst(_ pool: borrowing BufferPool) -> Buffer? {
        guard let block = unsafe first else { return nil }
        let count = Int(unsafe block.pointee.queuedEnd - block.pointee.queuedStart)
        guard
            var copy = pool.take(
                room: count, headroom: Int(unsafe block.pointee.queuedStart) - Buffer.origin, isBounded: false)
        else { return nil }
        let start = unsafe UnsafeRawPointer(block) + Int(block.pointee.queuedStart)
        _ = copy.append(unsafe Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count))
        return copy
    }
}
