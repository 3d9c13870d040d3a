// Who waits for disks of a proxy under test: nobody, until the test does.
import MartletProxy
import MartletTestSupport

/// Keeps jobs until the test does them.
final class WorkDesk: FileWorkers {
    private let waiting = Monitor<[@Sendable () -> Void]>([])

    func run(_ job: @escaping @Sendable () -> Void) { waiting.change { $0.append(job) } }

    /// Waits for the job that has come after so many others.
    func wait(for number: Int) throws {
        if waiting.wait(for: { $0.count > number ? true : nil }) == nil {
            throw TestFailure("job \(number) has not come")
        }
    }

    /// Does one of the jobs.
    func work(_ number: Int) throws {
        try wait(for: number)
        waiting.value[number]()
    }

    /// Forgets all jobs, and with them what they hold.
    func clear() { waiting.change { $0 = [] } }
}
