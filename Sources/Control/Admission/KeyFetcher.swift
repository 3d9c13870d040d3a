// Keys that a service says.
import MartletProxyConfig
import Synchronization

/// Fetches a set of keys again and again, and once more when somebody asks for a key that is not there.
final class KeyFetcher: Sendable {
    /// How often it is fetched at most because of what clients say, and after a failure.
    static let pause = Duration.seconds(10)
    /// How long it may take.
    private static let limit = Duration.seconds(10)
    /// The largest set.
    private static let size = 1 << 20

    private struct State {
        var client: ServiceClient
        var schedule: Task<Void, Never>?
        var current: Task<Void, Never>?
        var last: ContinuousClock.Instant?
        var isStopped = false
        var counts = FetchCounts()
    }

    private let url: String
    private let interval: Duration
    private let complaints: Complaints
    private let ring: KeyRing
    private let state: Mutex<State>

    /// - Parameter ring: is given the keys each time.
    init(_ url: String, _ client: ServiceClient, interval: Duration, complaints: Complaints, ring: KeyRing) {
        self.url = url
        self.interval = interval
        self.complaints = complaints
        self.ring = ring
        state = Mutex(State(client: client))
    }

    /// The file of authorities says something else now.
    func replace(_ client: ServiceClient) { state.withLock { $0.client = client } }

    /// What has come of it so far.
    var counts: FetchCounts { state.withLock(\.counts) }

    /// Fetches now, and from now on.
    func start() {
        let schedule = Task { [self] in
            while !Task.isCancelled {
                let failures = counts.failed
                await begin(isAsked: false)?.value
                let isGood = counts.failed == failures
                try? await Task.sleep(for: isGood ? interval : min(Self.pause, interval))
            }
        }
        state.withLock { state in
            state.schedule = schedule
            if state.isStopped { schedule.cancel() }
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.schedule?.cancel()
            state.current?.cancel()
        }
    }

    /// Fetches if that is not too soon, or waits for what is being fetched.
    func refresh() async { await begin(isAsked: true)?.value }

    private func begin(isAsked: Bool) -> Task<Void, Never>? {
        state.withLock { state in
            if let current = state.current { return current }
            if isAsked, let last = state.last, ContinuousClock.now - last < Self.pause { return nil }
            if state.isStopped { return nil }
            state.last = .now
            let task = Task { [self] in await fetch() }
            state.current = task
            return task
        }
    }

    private func fetch() async {
        let client = state.withLock(\.client)
        var isGood = false
        do throws(ServiceFailure) {
            let answer = try await client.get(
                url, [("Accept", "application/json")], until: .now + Self.limit, most: Self.size)
            if answer.status != 200 { throw ServiceFailure(reason: "the answer was \(answer.status)") }
            guard let content = answer.content else {
                throw ServiceFailure(reason: "the answer is not whole, or too large")
            }
            ring.replaceFetched(try TokenKeys.set(content), text: content)
            isGood = true
        } catch {
            complaints.say("the keys of tokens could not be fetched", ["url": url, "error": error.reason])
        }
        state.withLock { state in
            if isGood { state.counts.loaded += 1 } else { state.counts.failed += 1 }
            state.current = nil
        }
    }
}

/// How often keys were fetched.
struct FetchCounts: Sendable, Equatable {
    var loaded: UInt64 = 0
    var failed: UInt64 = 0

    static func + (one: FetchCounts, other: FetchCounts) -> FetchCounts {
        FetchCounts(loaded: one.loaded + other.loaded, failed: one.failed + other.failed)
    }
}
