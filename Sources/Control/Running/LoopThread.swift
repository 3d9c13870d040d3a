// A loop on its thread.
import Glibc
import MartletEventLoop
import MartletProxy

/// What a loop is started with.
struct LoopThread: Sendable {
    let model: Model
    let environment: LoopEnvironment
    /// Its listening sockets, in the model's order.
    let descriptors: [Int32?]
    let engine: LoopEngine

    /// Runs the loop on a thread of its own, and calls `ended` on it when the loop ends, with the error if it failed.
    func start(ended: @escaping @Sendable (SystemError?) -> Void) throws(SystemError) {
        try BackgroundThread.start {
            do throws(SystemError) {
                try run()
                ended(nil)
            } catch {
                ended(error)
            }
        }
    }

    /// Closes its listening sockets instead of running.
    func closeListeners() {
        for descriptor in descriptors { if let descriptor { close(descriptor) } }
    }

    private func run() throws(SystemError) {
        let settings = model.settings
        var loop = try EventLoop(
            socketLimit: ProxyDriver.socketLimit(settings) + descriptors.count, bufferBytes: settings.bufferBytes,
            engine: engine)
        var driver = ProxyDriver(model: model, environment: environment)
        try driver.listen(on: descriptors, loop: &loop)
        try loop.run(&driver, mailbox: environment.mailbox)
    }
}
