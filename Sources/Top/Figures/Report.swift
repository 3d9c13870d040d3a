// What has happened between two moments: all that is shown comes from here. Pure.

/// Figures of an interval.
package struct Report: Equatable, Sendable {
    struct Loop: Equatable, Sendable {
        let number: Int
        /// The share of the time in which it did not wait.
        let busy: Double
        let connections: Int
        let inFlight: Int
    }

    struct Named: Equatable, Sendable {
        let name: String
        let kind: String
        let traffic: Traffic
    }

    struct Server: Equatable, Sendable {
        let facts: Snapshot.Server
        let traffic: Traffic
    }

    /// A path or a client.
    struct Item: Equatable, Sendable {
        let host: String
        let name: String
        let requests: Int
        let clientErrors: Int
        let errors: Int
        /// In milliseconds.
        let mean: Double?
    }

    struct Items: Equatable, Sendable {
        /// All requests of the interval, be they among the entries or not.
        let total: Int
        let tracked: Int
        let replaced: Int
        let entries: [Item]
        let seconds: Double

        /// So many in a second.
        func rate(_ count: Int) -> Double { Double(count) / seconds }
    }

    struct Fault: Equatable, Sendable {
        let facts: Snapshot.Fault
        /// How often it has come within the interval, and how long ago it has last.
        let count: Int
        let secondsAgo: Double
    }

    let process: ProcessFacts
    let seconds: Double
    let total: Traffic
    /// In milliseconds.
    let firstByte: (p50: Double?, p99: Double?)
    let inFlight: Int
    let connections: Int
    let tunnels: Int
    /// In a second.
    let connectionRate: Double
    let bytesIn: Double
    let bytesOut: Double
    let loops: [Loop]
    let listeners: [Named]
    let routes: [Named]
    let upstreams: [Named]
    let servers: [Server]
    let paths: Items
    let clients: Items
    let faults: [Fault]

    package static func == (left: Report, right: Report) -> Bool { left.json == right.json }

    /// - Parameter earlier: of the same process; see `isContinued`.
    init(_ now: Snapshot, since earlier: Snapshot) {
        let seconds = Double(max(1, now.milliseconds - earlier.milliseconds)) / 1_000
        func rate(_ counter: String) -> Double {
            Double(max(0, (now.counters[counter] ?? 0) - (earlier.counters[counter] ?? 0))) / seconds
        }
        process = now.process
        self.seconds = seconds
        total = Traffic(now.total.since(earlier.total), now.duration.since(earlier.duration), seconds: seconds)
        let first = now.firstByte.since(earlier.firstByte)
        firstByte = (first.percentile(0.5).map { $0 / 1_000 }, first.percentile(0.99).map { $0 / 1_000 })
        (inFlight, connections) = (now.inFlight, now.connections)
        tunnels = max(0, now.counters["tunnelsActive"] ?? 0)
        connectionRate = rate("connectionsAccepted")
        (bytesIn, bytesOut) = (rate("downstreamBytesIn"), rate("downstreamBytesOut"))
        loops = Self.loops(now, earlier, seconds)
        listeners = Self.named(now.listeners, earlier.listeners, now.bounds, seconds)
        routes = Self.named(now.routes, earlier.routes, now.bounds, seconds)
        upstreams = Self.named(now.upstreams, earlier.upstreams, now.bounds, seconds)
        let before = Dictionary(earlier.servers.map { ($0.key, $0.counts) }) { first, _ in first }
        servers = now.servers.map {
            Server(
                facts: $0,
                traffic: Traffic($0.counts.since(before[$0.key]), bounds: now.bounds, seconds: seconds))
        }
        paths = Self.items(now.paths, earlier.paths, seconds)
        clients = Self.items(now.clients, earlier.clients, seconds)
        faults = Self.faults(now, earlier)
    }

    /// Whether two snapshots are of one process, the second later than the first.
    static func isContinued(_ now: Snapshot, since earlier: Snapshot) -> Bool {
        now.process.pid == earlier.process.pid && now.milliseconds > earlier.milliseconds
            && now.process.uptime >= earlier.process.uptime
    }

    private static func loops(_ now: Snapshot, _ earlier: Snapshot, _ seconds: Double) -> [Loop] {
        let before = Dictionary(earlier.loops.map { ($0.number, $0.busyNanoseconds) }) { first, _ in first }
        return now.loops.map { loop in
            let busy = Double(max(0, loop.busyNanoseconds - (before[loop.number] ?? 0))) / 1e9 / seconds
            return Loop(
                number: loop.number, busy: min(1, busy), connections: loop.connections, inFlight: loop.inFlight)
        }
    }

    private static func named(
        _ now: [Snapshot.Named], _ earlier: [Snapshot.Named], _ bounds: [Int], _ seconds: Double
    ) -> [Named] {
        let before = Dictionary(earlier.map { ($0.name, $0.counts) }) { first, _ in first }
        return now.map {
            Named(
                name: $0.name, kind: $0.kind,
                traffic: Traffic($0.counts.since(before[$0.name]), bounds: bounds, seconds: seconds))
        }
    }

    /// What had to go from the tables and has come in again counts from there.
    private static func items(_ now: Snapshot.Items, _ earlier: Snapshot.Items, _ seconds: Double) -> Items {
        let before = Dictionary(earlier.entries.map { ($0.key, $0) }) { first, _ in first }
        let entries = now.entries.map { item in
            let old = before[item.key].flatMap { $0.requests <= item.requests ? $0 : nil } ?? Snapshot.Item()
            let requests = item.requests - old.requests
            let time = Double(max(0, item.microseconds - old.microseconds))
            return Item(
                host: item.host, name: item.name, requests: requests,
                clientErrors: max(0, item.clientErrors - old.clientErrors), errors: max(0, item.errors - old.errors),
                mean: requests == 0 ? nil : time / Double(requests) / 1_000)
        }
        let total = now.total >= earlier.total ? now.total - earlier.total : now.total
        return Items(total: total, tracked: now.tracked, replaced: now.replaced, entries: entries, seconds: seconds)
    }

    private static func faults(_ now: Snapshot, _ earlier: Snapshot) -> [Fault] {
        let before = Dictionary(earlier.faults.map { ($0.key, $0.count) }) { first, _ in first }
        return now.faults.map { fault in
            let old = before[fault.key] ?? 0
            return Fault(
                facts: fault, count: old <= fault.count ? fault.count - old : fault.count,
                secondsAgo: Double(max(0, now.wall - fault.last)) / 1_000)
        }
    }
}
