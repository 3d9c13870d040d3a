// Threads of tests. One of the few files that hold `unsafe`: the closure travels through C as a pointer.
import Glibc

/// A thread that may block, which those of Swift concurrency must not.
package struct TestThread: Sendable {
    private let ended: Monitor<Bool>

    /// Runs `body` on a thread of its own, which ends with it.
    package init(_ body: @escaping @Sendable () -> Void) {
        let ended = Monitor(false)
        self.ended = ended
        let context = unsafe Unmanaged.passRetained(
            Body {
                body()
                ended.change { $0 = true }
            }
        ).toOpaque()
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, Self.main, context)
        precondition(code == 0, "no thread could be started")
        pthread_detach(thread)
    }

    /// Waits for the end of the thread; whether it came within `limit`.
    package func join(_ limit: Duration = defaultLimit) -> Bool { ended.wait(limit) { $0 ? true : nil } ?? false }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
}
