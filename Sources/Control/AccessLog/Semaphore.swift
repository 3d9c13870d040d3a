// A counting semaphore. One of the few files that hold `unsafe`: the C library wants a fixed place in memory.
import Glibc

/// Lets one thread wait for another, without a lock held.
@safe
final class Semaphore: @unchecked Sendable {
    private let handle: UnsafeMutablePointer<sem_t>

    init() {
        unsafe handle = .allocate(capacity: 1)
        unsafe handle.initialize(to: sem_t())
        unsafe sem_init(handle, 0, 0)
    }

    deinit {
        unsafe sem_destroy(handle)
        unsafe handle.deallocate()
    }

    /// Lets one `wait` pass, now or later. Never blocks.
    func signal() { unsafe sem_post(handle) }

    /// Waits for a `signal`.
    func wait() {
        // It fails only for being interrupted by a signal handler.
        while unsafe sem_wait(handle) != 0 {}
    }

    /// Waits for a `signal`; `false` if none came within `time`, by the wall clock, as POSIX has it here.
    func wait(for time: Duration) -> Bool {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &deadline)
        let (seconds, attoseconds) = time.components
        let nanoseconds = Int64(deadline.tv_nsec) + attoseconds / 1_000_000_000
        deadline.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
        deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)
        while unsafe sem_timedwait(handle, &deadline) != 0 {
            if errno == ETIMEDOUT { return false }
        }
        return true
    }
}
