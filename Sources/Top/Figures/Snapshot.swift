// What a proxy has counted up to a moment, as its admin API says it. Pure.
import MartletProxyConfig

/// Which process it is.
struct ProcessFacts: Equatable, Sendable {
    var pid = 0
    var version = ""
    var state = ""
    var engine = ""
    var uptime = 0
}

/// A proxy at one moment.
package struct Snapshot: Equatable, Sendable {
    struct Loop: Equatable, Sendable {
        let number: Int
        let busyNanoseconds: Int
        let connections: Int
        let inFlight: Int
    }

    /// A listener, route or upstream.
    struct Named: Equatable, Sendable {
        let name: String
        /// Of a listener: what is spoken there.
        let kind: String
        let counts: Counts
    }

    struct Server: Equatable, Sendable {
        var upstream = ""
        var name = ""
        var state = ""
        var reason = ""
        var isBackup = false
        var weight = 0
        var effectiveWeight = 0.0
        var inFlight = 0
        var connections = 0
        var counts = Counts()

        var key: String { upstream + "\n" + name }
    }

    /// What is counted of a path or a client.
    struct Item: Equatable, Sendable {
        var host = ""
        /// A path, or a client.
        var name = ""
        var requests = 0
        var clientErrors = 0
        var errors = 0
        var microseconds = 0

        var key: String { host + "\n" + name }
    }

    struct Items: Equatable, Sendable {
        var total = 0
        var tracked = 0
        var replaced = 0
        var entries: [Item] = []
    }

    struct Fault: Equatable, Sendable {
        var status = 0
        var reason = ""
        var side = ""
        var route = ""
        var upstream = ""
        var server = ""
        var count = 0
        var last = 0
        var client = ""
        var host = ""
        var path = ""

        var key: String { ["\(status)", reason, route, upstream, server].joined(separator: "\n") }
    }

    var process = ProcessFacts()
    /// When it was, on the proxy's clock that is never set.
    var milliseconds = 0
    /// The same of the clock on the wall.
    var wall = 0
    var inFlight = 0
    var connections = 0
    var counters: [String: Int] = [:]
    var duration = Histogram()
    var firstByte = Histogram()
    var loops: [Loop] = []
    var bounds: [Int] = []
    var listeners: [Named] = []
    var routes: [Named] = []
    var upstreams: [Named] = []
    var servers: [Server] = []
    var paths = Items()
    var clients = Items()
    var faults: [Fault] = []

    init() {}

    /// What clients have asked for: not what has come by the admin listener.
    var total: Counts { listeners.filter { $0.kind != "admin" }.reduce(Counts()) { $0 + $1.counts } }
}
