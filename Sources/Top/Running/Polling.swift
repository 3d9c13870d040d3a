// Asking the proxy, again and again.
import MartletControl
import MartletProxyConfig
import Synchronization

/// How often it is asked, in milliseconds: the viewer may change it while it runs.
final class Pace: Sendable {
    private let value: Mutex<Int>
    init(_ milliseconds: Int) { value = Mutex(milliseconds) }
    var milliseconds: Int { value.withLock { $0 } }
    func set(_ milliseconds: Int) { value.withLock { $0 = milliseconds } }
}

/// Asks for figures.
struct Polling: Sendable {
    /// How long an answer may take, in seconds.
    private static let patience = 5
    private let access: OperatorAccess

    init(_ access: OperatorAccess) { self.access = access }

    /// All figures as they are now. Where the proxy is, is looked for anew each time: it may have been started anew, and be elsewhere.
    /// - Parameter interval: when it is asked again, so that it goes on counting until then.
    func snapshot(interval: Int) async -> Result<Snapshot, OperatorFailure> {
        do throws(OperatorFailure) {
            let client = try OperatorClient(access)
            let watch = min(300, interval * 2 / 1_000 + 10)
            var top = OperatorQuestion("GET", "/v1/top?limit=200&watchSeconds=\(watch)")
            top.patience = Self.patience
            let tables = try await client.read(top)
            var stats = OperatorQuestion("GET", "/v1/stats")
            stats.patience = Self.patience
            return .success(Snapshot(stats: try await client.read(stats), top: tables))
        } catch {
            return .failure(error)
        }
    }

    /// The figures at each interval, until the task is ended.
    func run(_ pace: Pace, _ tell: @Sendable (Result<Snapshot, OperatorFailure>) -> Void) async {
        var next = ContinuousClock.now
        while !Task.isCancelled {
            // In small steps, as the pace may become faster meanwhile.
            let due = next + .milliseconds(pace.milliseconds)
            if ContinuousClock.now < due {
                let step = min(.milliseconds(100), ContinuousClock.now.duration(to: due))
                if (try? await Task.sleep(for: step)) == nil { return }
                continue
            }
            next = .now
            tell(await snapshot(interval: pace.milliseconds))
        }
    }
}
