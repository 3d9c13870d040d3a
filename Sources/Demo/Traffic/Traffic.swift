// The demo's own traffic as a whole: its thread, and what came of it.
import MartletControl
import MartletEventLoop

/// Traffic that is going on.
final class Traffic: Sendable {
    let plan: TrafficPlan
    let progress = TrafficProgress()
    private let mailbox: Mailbox<TrafficDriver.Message>

    /// Starts it.
    /// - Parameter ended: is called once, on the client's thread, with what came of it.
    init(
        _ plan: TrafficPlan, to address: SocketAddress, ended: @escaping @Sendable (Tally) -> Void
    ) throws(SystemError) {
        let (mailbox, progress) = (try Mailbox<TrafficDriver.Message>(), progress)
        self.plan = plan
        self.mailbox = mailbox
        try OwnThread.start {
            let host = address.description
            let start = Host.monotonicNanoseconds()
            var driver = TrafficDriver(plan, to: address, host: host, progress: progress, now: start / 1_000_000)
            do throws(SystemError) {
                var loop = try EventLoop(socketLimit: plan.connections + 1, bufferBytes: 16 << 20)
                driver.begin(on: &loop)
                try loop.run(&driver, mailbox: mailbox)
            } catch {
                driver.tally.ending = .failure("\(error)")
            }
            driver.tally.nanoseconds = Host.monotonicNanoseconds() - start
            ended(driver.tally)
        }
    }

    /// Ends it at once.
    func stop() { mailbox.post(.stop) }
}
