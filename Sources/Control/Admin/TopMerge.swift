// What the loops have counted, as one. Pure.
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

/// Joins the tables of several loops.
enum TopMerge {
    /// What one key has on all loops together.
    private struct Sum {
        var entry = TopEntry()
        /// The members that say what it is.
        var names: [(String, JSONText)]

        mutating func add(_ other: TopEntry) {
            entry.requests += other.requests
            entry.clientErrors += other.clientErrors
            entry.errors += other.errors
            entry.microseconds += other.microseconds
            entry.recent += other.recent
        }

        var json: JSONText {
            .object(
                names + [
                    ("requests", .integer(Int(clamping: entry.requests))),
                    ("clientErrors", .integer(Int(clamping: entry.clientErrors))),
                    ("errors", .integer(Int(clamping: entry.errors))),
                    ("microseconds", .integer(Int(clamping: entry.microseconds))),
                ])
        }
    }

    static func paths(_ reports: [WatchReport], _ limit: Int) -> JSONText {
        var sums: [String: Sum] = [:]
        for report in reports {
            for (index, entry) in report.paths.table.entries.enumerated() where entry.isUsed {
                let (host, path) = report.paths.text(of: index)
                let names: [(String, JSONText)] = [("host", .string(host)), ("path", .string(path))]
                sums[host + path, default: Sum(names: names)].add(entry)
            }
        }
        return list(sums, reports.map(\.paths.table), limit)
    }

    static func clients(_ reports: [WatchReport], _ limit: Int) -> JSONText {
        var sums: [String: Sum] = [:]
        for report in reports {
            for (index, entry) in report.clients.table.entries.enumerated() where entry.isUsed {
                let client = report.clients.text(of: index)
                sums[client, default: Sum(names: [("client", .string(client))])].add(entry)
            }
        }
        return list(sums, reports.map(\.clients.table), limit)
    }

    /// Those that have been asked for most lately come first.
    private static func list(_ sums: [String: Sum], _ tables: [TopTable], _ limit: Int) -> JSONText {
        let order = sums.sorted { ($1.value.entry.recent, $0.key) < ($0.value.entry.recent, $1.key) }
        return .object([
            ("total", .integer(tables.reduce(0) { $0 + Int(clamping: $1.total) })),
            ("tracked", .integer(sums.count)),
            ("replaced", .integer(tables.reduce(0) { $0 + Int(clamping: $1.replaced) })),
            ("entries", .array(order.prefix(limit).map(\.value.json))),
        ])
    }

    // MARK: Errors

    /// - Parameter routes: what routes are called, by their blocks of counters.
    static func errors(_ reports: [WatchReport], _ routes: [Int: String], _ limit: Int) -> JSONText {
        var kinds: [(entry: ErrorEntry, count: UInt64)] = []
        var places: [String: Int] = [:]
        for report in reports {
            for entry in report.errors.entries {
                let name = [
                    "\(entry.status)", entry.reason, entry.upstream ?? "", entry.server ?? "", "\(entry.route)",
                ].joined(separator: "\n")
                if let place = places[name] {
                    let count = kinds[place].count + entry.count
                    let latest = entry.last >= kinds[place].entry.last ? entry : kinds[place].entry
                    kinds[place] = (latest, count)
                } else {
                    places[name] = kinds.count
                    kinds.append((entry, entry.count))
                }
            }
        }
        let order = kinds.sorted { ($1.count, $0.entry.reason) < ($0.count, $1.entry.reason) }
        return .object([
            ("total", .integer(reports.reduce(0) { $0 + Int(clamping: $1.errors.total) })),
            ("tracked", .integer(kinds.count)),
            ("replaced", .integer(reports.reduce(0) { $0 + Int(clamping: $1.errors.replaced) })),
            ("entries", .array(order.prefix(limit).map { object($0.entry, $0.count, routes) })),
        ])
    }

    private static func object(_ entry: ErrorEntry, _ count: UInt64, _ routes: [Int: String]) -> JSONText {
        func text(_ value: String?) -> JSONText { value.map { .string($0) } ?? .null }
        return .object([
            ("status", .integer(entry.status)), ("reason", .string(entry.reason)),
            ("side", text(entry.side.map { "\($0)" })),
            ("route", text(entry.route == Scope.none ? nil : routes[entry.route] ?? "(other)")),
            ("upstream", text(entry.upstream)), ("server", text(entry.server)),
            ("count", .integer(Int(clamping: count))),
            ("last", .string(TimeText.date(Int64(entry.last / 1_000)))),
            ("lastMilliseconds", .integer(Int(clamping: entry.last))),
            ("client", .string(entry.client)), ("host", text(entry.request?.host)),
            ("path", text(entry.request?.path)),
        ])
    }
}
