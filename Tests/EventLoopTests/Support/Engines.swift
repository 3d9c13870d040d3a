// What differs between the engines.
import MartletEventLoop
import MartletTestSupport

extension LoopEngine {
    /// Whether a send that the kernel takes at once is known to be sent at once. Else it is told as soon as the turn is over.
    static var sendsAtOnce: Bool { tested == .epoll }

    /// Whether the place of a closed socket is free at once, rather than when the kernel has let go of it.
    static var closesAtOnce: Bool { tested == .epoll }

    /// What is told of a buffer that the kernel takes at once.
    static func sentAtOnce(_ count: Int) -> [Event] { sendsAtOnce ? [] : [.sent(count, isIdle: true)] }
}
