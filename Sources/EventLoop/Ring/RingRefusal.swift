// Why a machine has no io_uring for us.
import CEventLoop
import Glibc

/// Why io_uring cannot be had.
package struct RingRefusal: Error, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    private let code: Int32

    init(_ code: Int32) { self.code = code }

    package static var tooOld: RingRefusal { RingRefusal(martlet_ring_lacks) }

    package var description: String {
        switch -code {
        case -martlet_ring_lacks: "the kernel's is too old"
        case EPERM, EACCES: "it is forbidden here"
        case ENOSYS: "the kernel has none"
        case ENOMEM: "too little memory may be locked (RLIMIT_MEMLOCK), or there is none"
        default: SystemError(-code).description
        }
    }

    /// Tries out what a loop needs of io_uring; `nil` when all of it works.
    package static func probe() -> RingRefusal? {
        let result = martlet_ring_try()
        return result < 0 ? RingRefusal(result) : nil
    }
}

/// What stands behind loops.
package enum LoopEngine: UInt8, Sendable {
    /// Epoll: readiness, one system call for each receive and send.
    case epoll
    /// io_uring: completions, one system call for all that happens in a turn.
    case ring

    /// As the config calls it.
    package var name: StaticString {
        switch self {
        case .epoll: "epoll"
        case .ring: "io_uring"
        }
    }
}
