// Starting a thread. One of the few files that hold `unsafe`: the closure travels through C as a pointer.
import Glibc
import MartletEventLoop

/// Threads that may block in system calls, which those of Swift concurrency must not.
package enum BackgroundThread {
    /// Runs `body` on a thread of its own, which ends with it. The thread takes no signals: they are for the main thread,
    /// and a write to a pipe that nobody reads shall be an error, not the end of the process.
    ///
    /// - Throws: what pthread_create(3) answers, for example `EAGAIN` when there are too many threads.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
        var all = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, threadMain, context)
        if code != 0 {
            unsafe Unmanaged<Body>.fromOpaque(context).release()
            throw SystemError(code)
        }
        pthread_detach(thread)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
}
