// What the event loops stand on.
import Logging
import MartletEventLoop
import MartletProxyConfig

struct EngineSelection {
    let engine: LoopEngine
    /// Why it is this one.
    let reason: String

    /// The engine that the config asks for, or one that can be had.
    /// - Throws: when it must be io_uring and cannot.
    init(_ choice: EngineChoice) throws(StartError) {
        (engine, reason) = try Self.select(choice)
    }

    private static func select(_ choice: EngineChoice) throws(StartError) -> (LoopEngine, String) {
        if choice == .epoll { return (.epoll, "the config asks for it") }
        if let refusal = RingRefusal.probe() {
            if choice == .ioUring { throw StartError.engine(refusal) }
            return (.epoll, "no io_uring: \(refusal)")
        }
        if choice == .ioUring { return (.ring, "the config asks for it") }
        return (.ring, "all that is needed of it works")
    }

    /// Says which it is.
    func tell(_ log: Logger) {
        log.info("event loops stand on \(engine.name)", metadata: ["reason": "\(reason)"])
    }
}
