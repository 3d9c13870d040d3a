// Threads for event loops that are not the proxy's.
import MartletEventLoop

/// Gives a thread to what must not block those of Swift concurrency.
package enum OwnThread {
    /// Runs `body` on a thread of its own, which takes no signals and ends with it.
    /// - Throws: what pthread_create(3) answers.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        try BackgroundThread.start(body)
    }
}
