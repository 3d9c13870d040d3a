// A server.

/// Works on as many requests as it has workers, and lets the others wait in their order.
struct SimulatedServer {
    let plan: ServerPlan
    private(set) var working = 0
    private(set) var requests = 0
    private(set) var busy = 0.0
    private(set) var longestQueue = 0
    private var waiting: [Int] = []
    private var firstWaiting = 0

    init(_ plan: ServerPlan) { self.plan = plan }

    /// A request comes: whether a worker takes it at once.
    mutating func take(_ request: Int) -> Bool {
        longestQueue = max(longestQueue, working + waiting.count - firstWaiting + 1)
        if working < plan.workers {
            working += 1
            return true
        }
        waiting.append(request)
        return false
    }

    /// A worker has done: which request it takes next.
    mutating func finish() -> Int? {
        if firstWaiting == waiting.count {
            working -= 1
            return nil
        }
        firstWaiting += 1
        let next = waiting[firstWaiting - 1]
        if firstWaiting > 1_000 {
            waiting.removeFirst(firstWaiting)
            firstWaiting = 0
        }
        return next
    }

    /// Counts a request that has been worked on.
    mutating func count(_ time: Double) {
        requests += 1
        busy += time
    }
}
