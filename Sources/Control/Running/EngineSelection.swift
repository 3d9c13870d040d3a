// What the event loops stand on.
import Logging
import MartletEventLoop
import MartletProxyConfig

enum EngineSelection {
    /// The engine that the config asks for, or one that can be had. Says which, and why.
    /// - Throws: when it must be io_uring and cannot.
    static func select(_ choice: EngineChoice, log: Logger) throws(StartError) -> LoopEngine {
        if choice == .epoll { return say(.epoll, "the config asks for it", log) }
        if let refusal = RingRefusal.probe() {
            if choice == .ioUring { throw StartError.engine(refusal) }
            return say(.epoll, "no io_uring: \(refusal)", log)
        }
        if choice == .ioUring { return say(.ring, "the config asks for it", log) }
        return say(.ring, "all that is needed of it works", log)
    }

    private static func say(_ engine: LoopEngine, _ reason: String, _ log: Logger) -> LoopEngine {
        log.info("event loops stand on \(engine.name)", metadata: ["reason": "\(reason)"])
        return engine
    }
}
