// Servers are killed under load. What this is with more faults, more clients and more time: Benchmarks/faults.
import Glibc
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct KilledServerTests {
    /// Servers in processes of their own, so that SIGKILL ends them as a crash does: each is a proxy in front of `origin`.
    private static func children(_ count: Int, _ origin: Origin) throws -> [RunningMartlet] {
        try (0..<count).map { _ in
            try RunningMartlet(Configs.balanced([origin.address], ["ejection: off"]) + "\naccessLog: off\n")
        }
    }

    /// Clients that send requests one after the other until they are told to stop.
    private struct Load {
        let clients: [Background<(answered: Int, failed: [Int])>]
        private let isOver = Monitor(false)
        private let answered = Monitor(0)

        init(_ count: Int, on martlet: RunningMartlet) {
            let (isOver, answered) = (isOver, answered)
            clients = (0..<count).map { number in
                Background {
                    let client = try martlet.connect()
                    var result: (answered: Int, failed: [Int]) = (0, [])
                    while !isOver.value {
                        let put = (result.answered + number) % 4 == 0
                        let answer = try client.exchange(put ? "PUT /" : "GET /", content: put ? "content" : "")
                        result.answered += 1
                        if answer.status != 200 { result.failed.append(answer.status) }
                        answered.change { $0 += 1 }
                    }
                    return result
                }
            }
        }

        /// Waits until so many more have been answered.
        func waitForMore(_ count: Int) throws {
            let before = answered.value
            if answered.wait(for: { $0 >= before + count ? true : nil }) == nil {
                throw TestFailure("\(answered.value - before) of \(count) requests have been answered")
            }
        }

        /// Stops them; the statuses of those that failed.
        func stop() throws -> [Int] {
            isOver.change { $0 = true }
            return try clients.flatMap { try $0.result().failed }
        }
    }

    private static let check = "check: {path: /, interval: 100ms, downInterval: 50ms, timeout: 500ms}"

    @Test func oneOfThreeIsKilled() throws {
        let origin = try Origin()
        let children = try Self.children(3, origin)
        let addresses = try children.map { "127.0.0.1:\(try $0.port())" }
        try withBalanced(Configs.balanced(addresses, workers: 2, [Self.check])) { martlet in
            let load = Load(8, on: martlet)
            try load.waitForMore(300)
            children[0].process.signal(SIGKILL)
            try load.waitForMore(300)
            try martlet.waitForLog("server is", addresses[0])
            try load.waitForMore(300)
            #expect(try load.stop() == [])
        }
    }

    /// The kernel still accepts its connections.
    @Test func oneOfThreeIsStopped() throws {
        let origin = try Origin()
        let children = try Self.children(3, origin)
        let addresses = try children.map { "127.0.0.1:\(try $0.port())" }
        let lines = [Self.check, "retry: {tryTimeout: 500ms}"]
        try withBalanced(Configs.balanced(addresses, workers: 2, lines)) { martlet in
            let load = Load(8, on: martlet)
            try load.waitForMore(200)
            children[0].process.signal(SIGSTOP)
            defer { children[0].process.signal(SIGCONT) }
            try martlet.waitForState(addresses[0], "down")
            try load.waitForMore(200)
            children[0].process.signal(SIGCONT)
            try martlet.waitForState(addresses[0], "up")
            try load.waitForMore(200)
            #expect(try load.stop() == [])
        }
    }

    @Test func oneOfThreeIsDrainedAndComesBack() throws {
        let fleet = try Fleet(3)
        try withBalanced(Configs.balanced(fleet.addresses, workers: 2)) { martlet in
            let load = Load(8, on: martlet)
            for _ in 0..<3 {
                try load.waitForMore(100)
                try martlet.order(fleet.addresses[0], "drain")
                try load.waitForMore(100)
                try martlet.order(fleet.addresses[0], "up")
            }
            #expect(try load.stop() == [])
        }
    }

    /// What is on its way waits in the queue.
    @Test func allAreGoneForAWhile() throws {
        // Unix sockets can be had again with the same name for certain.
        let folder = try TestFolder()
        let paths = ["a", "b"].map(folder.path(_:))
        let start = { try paths.map { try Origin(path: $0) } }
        var origins = try start()
        let addresses = paths.map { "unix:" + $0 }
        try withBalanced(Configs.balanced(addresses, workers: 2, [Self.check])) { martlet in
            let load = Load(8, on: martlet)
            try load.waitForMore(200)
            for origin in origins { origin.server.stop() }
            try martlet.waitForMetric("martlet_queue_waiting", 8)
            pass(.milliseconds(300))
            origins = try start()
            try load.waitForMore(200)
            #expect(try load.stop() == [])
        }
    }
}
