// Slow requests, told in the proxy's own log.
import Logging
import MartletEventLoop
import MartletProxy
import Synchronization

/// Writes a line for each, on a thread of its own: the log may block.
final class SlowRequestLog: SlowRequestSink {
    /// The most lines that wait to be written.
    private static let limit = 1_000

    private struct State {
        var waiting: [SlowRequest] = []
        var isEnded = false
    }

    private let state = Mutex(State())
    private let wakeUp = Semaphore()
    private let log: Logger

    init(log: Logger) { self.log = log }

    func start() throws(SystemError) { try BackgroundThread.start { [self] in run() } }

    /// What waits is still written.
    func stop() {
        state.withLock { $0.isEnded = true }
        wakeUp.signal()
    }

    func report(_ request: SlowRequest) -> Bool {
        let isTaken = state.withLock { state in
            if state.isEnded || state.waiting.count >= Self.limit { return false }
            state.waiting.append(request)
            return true
        }
        if isTaken { wakeUp.signal() }
        return isTaken
    }

    private func run() {
        while true {
            wakeUp.wait()
            let (requests, isEnded) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isEnded)
            }
            for request in requests { log.warning("slow request", metadata: request.metadata) }
            if isEnded { return }
        }
    }
}

extension SlowRequest {
    /// As the log says it: times in milliseconds, and only those of what took place.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request": "\(request)", "request_id": "\(id)", "client": "\(client)", "status": "\(status)",
            "tries": "\(tries)", "total_ms": "\(Self.milliseconds(total))",
        ]
        for (key, value) in [
            ("route", route), ("upstream", upstream), ("server", server), ("error", error), ("trace_id", trace),
        ] {
            if let value { metadata[key] = "\(value)" }
        }
        for (key, value) in [
            ("request_ms", phases.request), ("queue_ms", phases.queue), ("connect_ms", phases.connect),
            ("tls_ms", phases.tls), ("first_byte_ms", phases.firstByte), ("response_ms", phases.response),
            ("client_ms", phases.client), ("other_ms", phases.other),
        ] where value >= 50_000 { metadata[key] = "\(Self.milliseconds(value))" }
        return metadata
    }

    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        PrometheusWriter.decimal((nanoseconds + 50_000) / 100_000, decimals: 1)
    }
}
