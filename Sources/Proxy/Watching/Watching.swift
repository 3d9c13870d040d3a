// What is counted only as long as somebody looks: paths, clients and errors. While nobody does, a request pays for it with two looks
// at a flag, and there are no tables.
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

/// What a loop has seen since somebody looks.
package struct WatchReport: Sendable {
    /// For how long that is.
    package let milliseconds: UInt64
    package let paths: PathTable
    package let clients: ClientTable
    package let errors: ErrorTable
}

/// A loop's tables.
struct Watch {
    private struct Tables {
        var paths: PathTable
        var clients: ClientTable
        var errors = ErrorTable()
        let began: UInt64
        var aged: UInt64
    }

    /// What has been counted halves in its weight after this long.
    private static var agingTime: UInt64 { 10_000 }

    private(set) var isOn = false
    private var tables: Tables?
    /// When it is over, in milliseconds.
    private(set) var end: UInt64 = 0
    private var serial: UInt32 = 0

    /// Looks on for a while from now.
    /// - Parameter seed: for keys that nobody can foresee.
    mutating func extend(_ milliseconds: UInt64, now: UInt64, seed: @autoclosure () -> UInt64) {
        end = max(end, now + milliseconds)
        if isOn { return }
        isOn = true
        let secret = seed()
        tables = Tables(
            paths: PathTable(seed: secret, serial: serial), clients: ClientTable(seed: secret, serial: 0), began: now,
            aged: now)
    }

    /// A turn is over: once nobody has looked for a while, nothing is counted and the tables are gone.
    mutating func turnEnded(now: UInt64) {
        if now >= end {
            serial = tables?.paths.table.serial ?? serial
            tables = nil
            isOn = false
        } else if let aged = tables?.aged, now - aged >= Self.agingTime {
            tables?.aged = now
            tables?.paths.age()
            tables?.clients.age()
        }
    }

    func report(now: UInt64) -> WatchReport? {
        tables.map {
            WatchReport(milliseconds: now - $0.began, paths: $0.paths, clients: $0.clients, errors: $0.errors)
        }
    }

    mutating func claim(host: Span<UInt8>, path: Span<UInt8>) -> TopPlace {
        tables?.paths.claim(host: host, path: path) ?? TopPlace()
    }

    mutating func count(_ ending: TopEnding, at place: TopPlace, of client: IPAddress?) {
        tables?.paths.count(ending, at: place)
        tables?.clients.count(ending, of: client)
    }

    /// - Parameter make: an entry for a kind that has not come before.
    mutating func count(
        _ kind: ErrorEntry.Kind, names: (upstream: String?, server: String?), at place: TopPlace, of client: IPAddress?,
        make: () -> ErrorEntry
    ) {
        // Never by a copy: what is changed then would be copied as a whole.
        let isKnown = tables?.paths.table.isCurrent(place) ?? false
        let request = isKnown ? tables?.paths.text(of: Int(place.index)) : nil
        let found = tables?.errors.place(of: kind, upstream: names.upstream, server: names.server)
        guard let error = found ?? tables?.errors.add(make()) else { return }
        let text = client.map { "\($0)" } ?? "unix"
        tables?.errors.count(at: error, now: Host.wallMilliseconds(), client: text, request: request)
    }
}

extension ProxyDriver {
    /// Somebody looks, and will again within this time.
    mutating func watch(
        for milliseconds: UInt64, _ reply: @Sendable (WatchReport?) -> Void, on loop: inout EventLoop
    ) {
        let now = loop.milliseconds
        watch.extend(milliseconds, now: now, seed: random.next())
        reply(watch.report(now: now))
    }

    /// A turn is over.
    mutating func watchOn(on loop: inout EventLoop) {
        watch.turnEnded(now: loop.milliseconds)
        // What an idle loop holds is given up, too.
        if watch.isOn { loop.wake(at: watch.end) }
    }

    /// Notes which path a request is for, whose head is in `request`.
    mutating func watchPath(_ exchange: UInt32, _ arena: Span<UInt8>) {
        if exchanges[exchange].flags.contains(.isAdmin) { return }
        let path = request.path.isEmpty ? request.target : request.path
        exchanges[exchange].watched = watch.claim(
            host: arena.extracting(request.authority), path: arena.extracting(path))
    }

    /// Counts an exchange that is over.
    mutating func watchEnding(_ exchange: UInt32, _ microseconds: UInt64) {
        let status = Int(exchanges[exchange].status)
        let ending = TopEnding(status: status, microseconds: microseconds)
        let source = clients[exchanges[exchange].client].source
        let address = source.isLocal ? nil : IPAddress(hi: source.high, lo: source.low)
        let place = exchanges[exchange].watched
        watch.count(ending, at: place, of: address)
        if status >= 400 || status < 100 || exchanges[exchange].failure != nil {
            watchError(exchange, at: place, of: address)
        }
    }

    private mutating func watchError(_ exchange: UInt32, at place: TopPlace, of address: IPAddress?) {
        let (upstream, server) = (Int(exchanges[exchange].upstream), Int(exchanges[exchange].server))
        let names = (
            upstream: upstream < 0 ? nil : model.upstreams[upstream].name,
            server: server < 0 ? nil : model.servers[server].name
        )
        let kind = ErrorEntry.Kind(
            status: exchanges[exchange].status, failure: exchanges[exchange].failure,
            systemError: exchanges[exchange].systemError, upstream: Int32(upstream), server: Int32(server),
            route: exchanges[exchange].counters)
        let reason = errorText(exchange) ?? (server < 0 ? "answered so by Martlet" : "answered so by the server")
        watch.count(kind, names: names, at: place, of: address) {
            ErrorEntry(kind: kind, upstream: names.upstream, server: names.server, reason: reason)
        }
    }
}
