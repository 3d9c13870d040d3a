// Spans on their way to a collector, in the background.
import AsyncHTTPClient
import Logging
import MartletProxy
import MartletProxyConfig
import NIOCore
import NIOHTTP1
import Synchronization

/// What became of spans.
package struct TraceCounts: Equatable, Sendable {
    /// Taken by the collector.
    package var exported: UInt64 = 0
    /// Lost behind the queue: the collector did not take them.
    package var lost: UInt64 = 0
    /// Requests to it that failed, whether or not they were tried again.
    package var failures: UInt64 = 0
}

/// Sends spans by OTLP over HTTP. Loops never wait for it.
package final class TraceExporter: SpanSink {
    /// Bytes of spans in a request.
    private static let requestBytes = 512 << 10

    private struct State {
        var queue: SpanQueue
        var counts = TraceCounts()
        var task: Task<Void, Never>?
    }

    private let configuration: OTLPConfiguration
    private let request: TraceRequest
    private let client: HTTPClient
    private let state: Mutex<State>
    private let complaints = Complaints()
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(_ configuration: OTLPConfiguration, service: String, log: Logger) {
        self.configuration = configuration
        request = TraceRequest(
            attributes: [
                ("service.name", service), ("service.version", MartletVersion.string),
                ("telemetry.sdk.name", "martlet"), ("telemetry.sdk.language", "swift"),
            ], version: MartletVersion.string)
        var settings = HTTPClient.Configuration()
        settings.timeout = .init(connect: .seconds(10))
        settings.redirectConfiguration = .disallow
        settings.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        state = Mutex(State(queue: SpanQueue(capacity: configuration.queue)))
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        complaints.start(log)
    }

    package func submit(_ batch: [UInt8], spans: Int) -> Bool {
        let isQueued = state.withLock { $0.queue.push(batch, spans: spans) }
        if isQueued { wake.yield() }
        return isQueued
    }

    /// What became of the spans so far.
    package var counts: TraceCounts { state.withLock { $0.counts } }

    func start() {
        let task = Task { [self] in
            for await _ in wakeUps { await exportAll() }
            await exportAll()
        }
        state.withLock { $0.task = task }
    }

    /// Takes no more spans, and waits until those that are there are sent, but not for long.
    func conclude(within time: Duration = .seconds(3)) async {
        let task = state.withLock { state in
            state.queue.close()
            return state.task
        }
        wake.finish()
        guard let task else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await task.value }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            task.cancel()
            group.cancelAll()
        }
        try? await client.shutdown()
    }

    private func exportAll() async {
        while let batch = state.withLock({ $0.queue.take(upTo: Self.requestBytes) }) {
            let isSent = await export(request.encode(batch.bytes))
            state.withLock { state in
                state.queue.finished(batch.bytes.reduce(0) { $0 + $1.count })
                if isSent {
                    state.counts.exported += UInt64(batch.spans)
                } else {
                    state.counts.lost += UInt64(batch.spans)
                }
            }
        }
    }

    /// Sends a request until it is taken, or there is no sense in it.
    private func export(_ content: [UInt8]) async -> Bool {
        var attempt = 0
        while true {
            attempt += 1
            let answer = await post(content)
            let decision = ExportDecision.decide(
                status: answer.status, retryAfter: answer.retryAfter, attempt: attempt, jitter: .random(in: 0...1))
            if decision == .done { return true }
            state.withLock { $0.counts.failures += 1 }
            complaints.say("spans are not taken", ["endpoint": configuration.endpoint, "reason": answer.reason])
            guard case .retry(let pause) = decision else { return false }
            do { try await Task.sleep(for: pause) } catch { return false }
        }
    }

    private func post(_ content: [UInt8]) async -> (status: Int?, retryAfter: String?, reason: String) {
        var request = HTTPClientRequest(url: configuration.endpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-protobuf")
        request.headers.add(name: "User-Agent", value: "Martlet/\(MartletVersion.string)")
        for field in configuration.headers { request.headers.replaceOrAdd(name: field.name, value: field.value) }
        request.body = .bytes(ByteBuffer(bytes: content))
        do {
            let answer = try await client.execute(
                request, timeout: .nanoseconds(configuration.timeout.wholeNanoseconds))
            // It is read, so that the connection can be used again.
            _ = try? await answer.body.collect(upTo: 64 << 10)
            let status = Int(answer.status.code)
            return (status, answer.headers.first(name: "Retry-After"), "status \(status)")
        } catch {
            return (nil, nil, "\(error)")
        }
    }
}

extension Duration {
    fileprivate var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
