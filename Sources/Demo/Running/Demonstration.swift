// The demo as a whole: here is the order in which it starts, runs and ends.
import MartletControl
import MartletEventLoop
import MartletProxyConfig
import UnixSignals

/// What can happen while the demo runs.
enum DemoEvent: Sendable {
    /// It is time to look at the figures.
    case tick
    /// SIGINT or SIGTERM.
    case signal
    /// The demo's own traffic is over.
    case trafficEnded(Tally)
    /// The servers cannot go on.
    case serversFailed(SystemError)
    /// One of the proxy's loops has ended.
    case loopEnded(ProxyServer.LoopEnd)
    /// All have.
    case proxyEnded
    /// The proxy has had its time to end.
    case timeIsUp
}

/// Runs the demo.
package enum Demonstration {
    /// How often the figures are shown on a terminal.
    private static let interval = Duration.milliseconds(500)

    /// Runs the demo to its end.
    /// - Parameter complain: is told, in a line, why it does not start, or what went wrong.
    /// - Returns: the exit code: 0 if all is well, 1 if a request of its own was not answered with 200.
    package static func run(_ options: DemoOptions, complain: @escaping @Sendable (String) -> Void) -> Int32 {
        let (events, continuation) = AsyncStream<DemoEvent>.makeStream()
        do throws(StartError) {
            let stage = try Stage(port: options.port, engine: options.engine) { continuation.yield(.serversFailed($0)) }
            var session = Session(stage, plan: options.plan, events: continuation, complain: complain)
            session.greet()
            return try Blocking.run { [session] in await result(session, events, continuation) }.get()
        } catch {
            complain(error.description)
            return ExitStatus.unavailable
        }
    }

    private static func result(
        _ session: Session, _ events: AsyncStream<DemoEvent>, _ continuation: AsyncStream<DemoEvent>.Continuation
    ) async -> Result<Int32, StartError> {
        var session = session
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        do throws(StartError) {
            try session.start()
        } catch {
            return .failure(error)
        }
        let proxy = session.stage.proxy
        let sources = [
            Task { for await _ in signals { continuation.yield(.signal) } },
            Task {
                for await end in proxy.ends { continuation.yield(.loopEnded(end)) }
                continuation.yield(.proxyEnded)
            },
            Task {
                while (try? await Task.sleep(for: interval)) != nil { continuation.yield(.tick) }
            },
        ]
        defer { for source in sources { source.cancel() } }
        for await event in events {
            if let code = session.handle(event) { return .success(code) }
        }
        return .success(ExitStatus.systemError)
    }
}
