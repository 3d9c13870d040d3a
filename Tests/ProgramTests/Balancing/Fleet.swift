// The servers of an upstream, as the tests of balancing want them.
import MartletTestSupport

/// Servers that answer with their numbers: "0", "1", and so on. A request whose path begins with `/hold` is answered after
/// `release` only, so that a test can look at requests while they are going on.
final class Fleet: Sendable {
    struct State: Sendable {
        var isReleased = false
        /// By server: requests so far, those going on, and the most at a time. `/health` does not count.
        var seen: [Int]
        var active: [Int]
        var most: [Int]
    }

    let origins: [Origin]
    private let state: Monitor<State>

    /// - Parameter respond: the whole response of a server to a request. It may take its time.
    init(
        _ count: Int,
        _ respond: @escaping @Sendable (_ server: Int, _ request: HTTPRequest) -> String = { server, _ in
            response(200, "\(server)")
        }
    ) throws {
        let none = Array(repeating: 0, count: count)
        let state = Monitor(State(seen: none, active: none, most: none))
        self.state = state
        origins = try (0..<count).map { server in
            try Origin { request in
                if request.target.hasPrefix("/health") { return respond(server, request) }
                state.change { $0.begin(server) }
                defer { state.change { $0.active[server] -= 1 } }
                if request.target.hasPrefix("/hold") { _ = state.wait { $0.isReleased ? true : nil } }
                return respond(server, request)
            }
        }
    }

    // A script that still holds a request would keep its server from stopping.
    deinit { release() }

    /// As they are written in a config.
    var addresses: [String] { origins.map(\.address) }
    /// Requests so far, by server.
    var seen: [Int] { state.value.seen }
    /// Requests going on, by server.
    var active: [Int] { state.value.active }
    /// The most requests at a time, by server.
    var most: [Int] { state.value.most }

    /// Answers all requests that are held, and holds none any more.
    func release() { state.change { $0.isReleased = true } }

    /// Waits until the servers have so many requests together.
    func waitForActive(_ count: Int) throws {
        if state.wait(for: { $0.active.reduce(0, +) == count ? true : nil }) == nil {
            throw TestFailure("the servers have \(active) requests, not \(count)")
        }
    }

    /// Sends requests that are held, each on a connection of its own, and each when the one before is at a server.
    func hold(_ count: Int, at martlet: RunningMartlet, _ fields: [String] = []) throws -> [TestSocket] {
        try (0..<count).map { _ in
            let before = active.reduce(0, +)
            let client = try martlet.begin("GET /hold", fields)
            try waitForActive(before + 1)
            return client
        }
    }
}

extension Fleet.State {
    fileprivate mutating func begin(_ server: Int) {
        seen[server] += 1
        active[server] += 1
        most[server] = max(most[server], active[server])
    }
}

/// Lets time pass in a server that is slow, or that something is to be seen of by what does not happen.
func pass(_ time: Duration) { _ = Monitor(false).wait(time) { $0 ? true : nil } }
