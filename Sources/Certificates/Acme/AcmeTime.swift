// The clock of the control plane, as a parameter.
import Foundation

/// What time it is, and waiting.
package struct AcmeTime: Sendable {
    /// Seconds since 1970.
    package let now: @Sendable () -> Int64
    /// Waits; throws `CancellationError` when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's clock.
    package static let system = AcmeTime(
        now: { Int64(Date().timeIntervalSince1970) }, sleep: { try await Task.sleep(for: $0) })

    /// Waits until `time`. It looks at the clock at least every hour, since clocks are set and machines sleep.
    func sleep(until time: Int64) async throws {
        while true {
            let remaining = time - now()
            if remaining <= 0 { return try Task.checkCancellation() }
            try await sleep(.seconds(min(remaining, 3600)))
        }
    }
}
