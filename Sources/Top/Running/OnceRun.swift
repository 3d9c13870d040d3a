// One interval, then text or a document.
import MartletControl

/// `martlet top --once`.
struct OnceRun: Sendable {
    let polling: Polling
    let interval: Int

    /// The figures of one interval.
    func report() async -> Result<Report, OperatorFailure> {
        do throws(OperatorFailure) {
            var earlier = try await polling.snapshot(interval: interval).get()
            // It may be replaced by another process meanwhile: once more then.
            for _ in 0..<3 {
                try? await Task.sleep(for: .milliseconds(interval))
                let now = try await polling.snapshot(interval: interval).get()
                if Report.isContinued(now, since: earlier) { return .success(Report(now, since: earlier)) }
                earlier = now
            }
            return .failure(
                OperatorFailure(code: ExitStatus.unavailable, message: "martlet is started anew again and again"))
        } catch {
            return .failure(error)
        }
    }
}
