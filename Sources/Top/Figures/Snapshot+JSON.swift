// Reading what the admin API says. What is missing, as of another version, is nothing or 0.
import MartletProxyConfig

extension Snapshot {
    /// - Parameters: what `/v1/stats` and `/v1/top` have answered.
    init(stats: JSONText, top: JSONText) {
        process = ProcessFacts(
            pid: stats.whole("pid"), version: stats.words("version"), state: stats.words("state"),
            engine: stats.words("engine"), uptime: stats.whole("uptimeSeconds"))
        milliseconds = stats.whole("milliseconds")
        wall = top.whole("wallMilliseconds")
        inFlight = stats.whole("inFlight")
        connections = stats.whole("connections")
        if case .object(let members)? = stats["counters"] {
            for (name, value) in members { counters[name] = value.whole }
        }
        duration = Histogram(stats["duration"])
        firstByte = Histogram(stats["timeToFirstByte"])
        loops = stats.list("loops").map {
            Loop(
                number: $0.whole("loop"), busyNanoseconds: $0.whole("busyNanoseconds"),
                connections: $0.whole("connectionsActive"), inFlight: $0.whole("exchangesActive"))
        }
        bounds = stats.numbers("bucketBounds")
        listeners = stats.list("listeners").map { Named($0) }
        routes = stats.list("routes").map { Named($0) }
        upstreams = stats.list("upstreams").map { Named($0) }
        servers = stats.list("servers").map { Server($0) }
        paths = Items(top["paths"])
        clients = Items(top["clients"])
        faults = (top["errors"] ?? .null).list("entries").map { Fault($0) }
    }
}

extension Histogram {
    fileprivate init(_ json: JSONText?) {
        self.init(bounds: json?.numbers("bounds") ?? [], counts: json?.numbers("counts") ?? [])
    }
}

extension Snapshot.Named {
    fileprivate init(_ json: JSONText) {
        self.init(name: json.words("name"), kind: json.words("kind"), counts: Counts(json))
    }
}

extension Counts {
    fileprivate init(_ json: JSONText) {
        requests = json.whole("requests")
        let responses = json["responses"] ?? .null
        classes = Self.classNames.map { responses.whole($0) }
        failures = json.whole("failures")
        microseconds = json.whole("microseconds")
        buckets = json.numbers("buckets")
    }
}

extension Snapshot.Server {
    fileprivate init(_ json: JSONText) {
        upstream = json.words("upstream")
        name = json.words("server")
        state = json.words("state")
        reason = json.words("reason")
        isBackup = json["backup"] == .boolean(true)
        weight = json.whole("weight")
        effectiveWeight = json.number("effectiveWeight")
        inFlight = json.whole("inFlight")
        connections = json.whole("connections")
        counts = Counts(json)
        // Tries that are over: what was sent to it may not be yet. Answers with 5xx are among its failures.
        counts.failures = json.whole("failures")
        counts.requests = json.whole("successes") + counts.failures
    }
}

extension Snapshot.Items {
    fileprivate init(_ json: JSONText?) {
        guard let json else { return }
        total = json.whole("total")
        tracked = json.whole("tracked")
        replaced = json.whole("replaced")
        entries = json.list("entries").map { entry in
            var item = Snapshot.Item()
            item.host = entry.words("host")
            item.name = entry["path"].map { _ in entry.words("path") } ?? entry.words("client")
            item.requests = entry.whole("requests")
            item.clientErrors = entry.whole("clientErrors")
            item.errors = entry.whole("errors")
            item.microseconds = entry.whole("microseconds")
            return item
        }
    }
}

extension Snapshot.Fault {
    fileprivate init(_ json: JSONText) {
        status = json.whole("status")
        reason = json.words("reason")
        side = json.words("side")
        route = json.words("route")
        upstream = json.words("upstream")
        server = json.words("server")
        count = json.whole("count")
        last = json.whole("lastMilliseconds")
        client = json.words("client")
        host = json.words("host")
        path = json.words("path")
    }
}

extension JSONText {
    fileprivate var whole: Int {
        guard case .integer(let value) = self else { return 0 }
        return value
    }
    fileprivate func whole(_ name: String) -> Int { self[name]?.whole ?? 0 }

    fileprivate func number(_ name: String) -> Double {
        switch self[name] {
        case .integer(let value)?: Double(value)
        case .decimal(let value)?: value
        case .bare(let text)?: Double(text) ?? 0
        default: 0
        }
    }

    fileprivate func words(_ name: String) -> String {
        guard case .string(let text)? = self[name] else { return "" }
        return text
    }

    fileprivate func list(_ name: String) -> [JSONText] {
        guard case .array(let values)? = self[name] else { return [] }
        return values
    }

    fileprivate func numbers(_ name: String) -> [Int] { list(name).map(\.whole) }
}
