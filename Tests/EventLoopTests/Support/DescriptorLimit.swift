// The process's limit of descriptors, for tests in a process of their own. It holds `unsafe`: getrlimit(2) takes pointers.
import Glibc

enum DescriptorLimit {
    /// Lets the process open nothing more; the limit that was in force.
    static func useUp() -> UInt {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let before = limit.rlim_cur
        // The lowest number that is free is the first that the limit forbids.
        let lowest = dup(0)
        close(lowest)
        set(UInt(lowest))
        return before
    }

    static func set(_ count: UInt) {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = count
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
