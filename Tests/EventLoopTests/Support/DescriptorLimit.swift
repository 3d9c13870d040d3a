// The process's limit of descriptors, for tests in a process of their own. It holds `unsafe`: getrlimit(2) takes pointers.
import Glibc

enum DescriptorLimit {
    /// Lets the process open no more than `left`; the limit that was in force.
    static func useUp(but left: Int32 = 0) -> UInt {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let before = limit.rlim_cur
        // The lowest number that is free is the first that the limit forbids; those above it are free as well, in a process
        // that closes nothing meanwhile.
        let lowest = dup(0)
        close(lowest)
        set(UInt(lowest + left))
        return before
    }

    static func set(_ count: UInt) {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = count
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
