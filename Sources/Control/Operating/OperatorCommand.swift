// What the commands for operators do: ask a running Martlet, and say what it has answered.
import MartletProxyConfig

/// The commands. Each gives what is to be written on the standard output.
package struct OperatorCommand: Sendable {
    let client: OperatorClient

    package init(_ access: OperatorAccess) throws(OperatorFailure) { client = try OperatorClient(access) }

    // MARK: The proxy

    package func status(json: Bool) throws(OperatorFailure) -> String {
        let status = try client.ask(OperatorQuestion("GET", "/v1/status"))
        if json { return status.pretty() + "\n" }
        var text = "martlet \(status.words("version")) is \(status.words("state")), process \(status.words("pid")), "
        text += "since \(Self.span(status.whole("uptimeSeconds"))), \(status.words("engine")) on "
        text += "\(Self.count(status, "workers", "loop"))\n"
        text += "\(Self.count(status, "routes", "route")), \(Self.count(status, "upstreams", "upstream")), "
        text += "\(Self.count(status, "servers", "server")), \(Self.count(status, "connectionsActive", "connection")), "
        text += "\(Self.count(status, "exchangesActive", "request")) going on, \(status.words("requests")) so far\n"
        var table = TextTable(["LISTENER", "ADDRESS", "KIND"])
        for listener in status.list("listeners") {
            let kind = listener.words("kind") + (listener.words("tls") == "true" ? " (TLS)" : "")
            table.append([listener.words("name"), listener.words("address"), kind])
        }
        text += table.text
        for dormant in status.list("dormant") { text += "not in force: \(dormant.plain)\n" }
        return text
    }

    /// `1 route`, `2 routes`.
    private static func count(_ status: JSONText, _ member: String, _ noun: String) -> String {
        let number = status.whole(member)
        return "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func span(_ seconds: Int) -> String { TimeText.span(Int64(seconds)) }

    package func drain(after delay: Int) throws(OperatorFailure) -> String {
        let content = JSONText.object([("delaySeconds", .integer(delay))])
        _ = try client.ask(OperatorQuestion("POST", "/v1/drain", content))
        return delay == 0 ? "draining\n" : "not ready any more; draining in \(Self.span(delay))\n"
    }

    package func logLevel(_ level: String?) throws(OperatorFailure) -> String {
        let question =
            level.map { OperatorQuestion("PUT", "/v1/log-level", .object([("level", .string($0))])) }
            ?? OperatorQuestion("GET", "/v1/log-level")
        return try client.ask(question).words("level") + "\n"
    }

    package func certificates(json: Bool) throws(OperatorFailure) -> String {
        let answer = try client.ask(OperatorQuestion("GET", "/v1/certificates"))
        if json { return answer.pretty() + "\n" }
        var table = TextTable(["FOR", "NAMES", "KEY", "SOURCE", "UNTIL", "LEFT", "OCSP"])
        for entry in answer.elements {
            table.append([
                entry.words("owner"), entry.list("names").map(\.plain).joined(separator: ","), entry.words("keyType"),
                entry.words("source"), entry.words("notAfter"), Self.span(max(0, entry.whole("secondsLeft"))),
                entry.words("ocsp"),
            ])
        }
        return answer.elements.isEmpty ? "there are no certificates\n" : table.text
    }

    package func reload(reset: Bool, json: Bool) throws(OperatorFailure) -> String {
        let content = JSONText.object([("reset", .boolean(reset))])
        let answer = try client.ask(OperatorQuestion("POST", "/v1/config/reload", content))
        if json { return answer.pretty() + "\n" }
        let changes = answer.list("changes").map(\.plain)
        var text = answer.words("text")
        text += changes.isEmpty ? "in force; nothing has changed\n" : changes.joined(separator: "\n") + "\n"
        let kept = answer.whole("kept")
        if kept > 0 {
            text +=
                kept == 1
                ? "1 change of servers at run time stays in force\n"
                : "\(kept) changes of servers at run time stay in force\n"
        }
        return text
    }

    /// The config in force.
    package func config(json: Bool) throws(OperatorFailure) -> String {
        let path = "/v1/config?format=" + (json ? "json" : "yaml")
        return String(decoding: try client.text(OperatorQuestion("GET", path)), as: UTF8.self)
    }

    // MARK: Servers

    package func servers(_ upstream: String?, json: Bool) throws(OperatorFailure) -> String {
        let query = upstream.map { "?upstream=" + PercentCoding.encoded($0) } ?? ""
        let answer = try client.ask(OperatorQuestion("GET", "/v1/servers" + query))
        if json { return answer.pretty() + "\n" }
        return Self.table(answer.elements)
    }

    private static func table(_ servers: [JSONText]) -> String {
        var table = TextTable(
            [
                "UPSTREAM", "SERVER", "STATE", "WEIGHT", "IN-FLIGHT", "REQUESTS", "FAILURES", "LATENCY", "ORIGIN",
                "REASON",
            ],
            numbers: [3, 4, 5, 6, 7])
        for server in servers {
            let origin = server.words("origin") + (server.words("changed") == "true" ? ", changed" : "")
            let latency = server.whole("latencyMicroseconds")
            table.append([
                server.words("upstream"),
                server.words("server") + (server.words("backup") == "true" ? " (backup)" : ""),
                server.words("state"), server.words("weight"), server.words("inFlight"), server.words("requests"),
                server.words("failures"),
                latency == 0 ? "-" : latency < 10_000 ? "\(latency)us" : "\(latency / 1_000)ms",
                origin, server.words("reason"),
            ])
        }
        return table.text
    }

    /// Adds a server.
    package func add(
        _ server: String, to upstream: String, weight: Int?, backup: Bool, save: Bool
    ) throws(OperatorFailure) -> String {
        var members: [(String, JSONText)] = [("address", .string(server)), ("backup", .boolean(backup))]
        if let weight { members.append(("weight", .integer(weight))) }
        members.append(("save", .boolean(save)))
        let path = "/v1/upstreams/\(PercentCoding.encoded(upstream))/servers"
        return Self.table([try client.ask(OperatorQuestion("POST", path, .object(members)))])
    }

    /// Sets what is wanted of a server, or its weight.
    package func change(
        _ server: String, of upstream: String, _ changes: [(String, JSONText)], save: Bool
    ) throws(OperatorFailure) -> String {
        let content = JSONText.object(changes + [("save", .boolean(save))])
        return Self.table([try client.ask(OperatorQuestion("PATCH", Self.path(server, upstream), content))])
    }

    /// Sets a server's weight.
    package func setWeight(
        _ weight: Int, of server: String, in upstream: String, save: Bool
    ) throws(OperatorFailure) -> String {
        try change(server, of: upstream, [("weight", .integer(weight))], save: save)
    }

    /// Sets what is wanted of a server: `up`, `draining` or `maintenance`.
    package func setState(
        _ state: String, of server: String, in upstream: String, save: Bool
    ) throws(OperatorFailure) -> String {
        try change(server, of: upstream, [("state", .string(state))], save: save)
    }

    /// Removes a server.
    package func remove(
        _ server: String, from upstream: String, drainSeconds: Int?, save: Bool
    ) throws(OperatorFailure) -> String {
        var query = "?save=\(save)"
        if let drainSeconds { query += "&drainSeconds=\(drainSeconds)" }
        _ = try client.ask(OperatorQuestion("DELETE", Self.path(server, upstream) + query))
        return "\(upstream)/\(server) is removed\n"
    }

    private static func path(_ server: String, _ upstream: String) -> String {
        "/v1/upstreams/\(PercentCoding.encoded(upstream))/servers/\(PercentCoding.encoded(server))"
    }
}

extension JSONText {
    /// The elements of an array.
    var elements: [JSONText] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// A scalar as text.
    var plain: String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: compact
        }
    }

    /// A member as text; empty if it is not there.
    func words(_ name: String) -> String { self[name]?.plain ?? "" }
    func list(_ name: String) -> [JSONText] { self[name]?.elements ?? [] }

    func whole(_ name: String) -> Int {
        guard case .integer(let value)? = self[name] else { return 0 }
        return value
    }
}
