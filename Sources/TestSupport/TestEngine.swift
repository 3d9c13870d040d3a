// Which engine the loops of tests run on.
import Foundation
import MartletEventLoop

extension LoopEngine {
    /// The engine that MARTLET_ENGINE names, `epoll`, `io_uring` or `io_uring_together`; epoll without one.
    package static let tested: LoopEngine = named ?? .epoll

    /// The same; `nil` without one.
    package static let named: LoopEngine? = {
        switch ProcessInfo.processInfo.environment["MARTLET_ENGINE"] {
        case nil: return nil
        case "epoll": return .epoll
        case "io_uring", "io_uring_together":
            if let refusal = RingRefusal.probe() { fatalError("MARTLET_ENGINE: no io_uring here: \(refusal)") }
            return .ring
        case let other?: fatalError("MARTLET_ENGINE: there is no engine '\(other)'")
        }
    }()

    /// Whether all that loops send goes through the ring, even where that would be done otherwise for speed: so tests, in which
    /// little happens at a time, go the way of a busy loop.
    package static let sendsTogether =
        ProcessInfo.processInfo.environment["MARTLET_ENGINE"] == "io_uring_together"
}

/// The machine that tests run on.
package enum TestHost {
    /// Whether io_uring can be had.
    package static let hasRing = RingRefusal.probe() == nil

    /// The option that has a program run on the engine that MARTLET_ENGINE names; epoll without one.
    package static let engineOption = ["--engine", "\(LoopEngine.tested.name)"]
}
