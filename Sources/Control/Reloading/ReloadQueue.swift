// Reloads one after the other: those that are asked for while one is going on become one more, which sees all that was
// changed before it began.

/// Runs a piece of work at most once at a time.
actor ReloadQueue<Outcome: Sendable> {
    /// What is going on.
    private var running: Task<Outcome, Never>?
    /// What begins when that has ended.
    private var waiting: Task<Outcome, Never>?

    /// What came of the work that began after this call.
    func request(_ work: @escaping @Sendable () async -> Outcome) async -> Outcome {
        if let waiting { return await waiting.value }
        let before = running
        let task = Task {
            _ = await before?.value
            return await self.run(work)
        }
        if before == nil { running = task } else { waiting = task }
        return await task.value
    }

    private func run(_ work: @Sendable () async -> Outcome) async -> Outcome {
        if running == nil { (running, waiting) = (waiting, nil) }
        defer { running = nil }
        return await work()
    }
}
