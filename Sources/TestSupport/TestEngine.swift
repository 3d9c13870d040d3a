// Which engine the loops of tests run on.
import Foundation
import MartletEventLoop

extension LoopEngine {
    /// The engine that MARTLET_ENGINE names, `epoll` or `io_uring`; epoll without one.
    package static let tested: LoopEngine = {
        switch ProcessInfo.processInfo.environment["MARTLET_ENGINE"] {
        case nil, "epoll": return .epoll
        case "io_uring":
            if let refusal = RingRefusal.probe() { fatalError("MARTLET_ENGINE: no io_uring here: \(refusal)") }
            return .ring
        case let other?: fatalError("MARTLET_ENGINE: there is no engine '\(other)'")
        }
    }()
}

/// The machine that tests run on.
package enum TestHost {
    /// Whether io_uring can be had.
    package static let hasRing = RingRefusal.probe() == nil
}
