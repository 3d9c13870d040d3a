// What a test does beside itself.
import MartletTestSupport

/// Something that runs on a thread of its own, and has a result in the end.
final class Background<Value: Sendable>: Sendable {
    private let outcome = Monitor<Result<Value, any Error>?>(nil)

    init(_ body: @escaping @Sendable () throws -> Value) {
        let outcome = self.outcome
        _ = TestThread {
            let result = Result { try body() }
            outcome.change { $0 = result }
        }
    }

    /// Waits for the result.
    /// - Throws: what the body has thrown, or when it takes longer than `limit`.
    func result(_ limit: Duration = .seconds(30)) throws -> Value {
        guard let result = outcome.wait(limit, for: { $0 }) else { throw TestFailure("not done after \(limit)") }
        return try result.get()
    }
}
