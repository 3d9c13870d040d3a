// The objects of the admin API that have names of their own in the OpenAPI document.
import MartletProxyConfig

/// An object, by its name.
enum APISchema: String, CaseIterable, Sendable {
    case problem, server, newServer, serverChange, upstream, status, listener, loops, stats, top
    case certificate, reload, check, connections, logLevel, drain, upgrade, upgradeProgress, oldServer

    /// As the document calls it.
    var name: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    var shape: JSONShape { .object(members) }

    private var members: [JSONMember] {
        switch self {
        case .problem: Self.problemMembers
        case .server: Self.serverMembers
        case .newServer: Self.newServerMembers
        case .serverChange: Self.serverChangeMembers
        case .upstream: Self.upstreamMembers
        case .status: Self.statusMembers
        case .listener: Self.listenerMembers
        case .loops: Self.loopMembers
        case .stats: Self.statsMembers
        case .top: Self.topMembers
        case .certificate: Self.certificateMembers
        case .reload: Self.reloadMembers
        case .check: Self.checkMembers
        case .connections: Self.connectionMembers
        case .logLevel: [JSONMember("level", .choice(LogSwitch.names), "What is logged at least.")]
        case .drain: Self.drainMembers
        case .upgrade: Self.upgradeMembers
        case .upgradeProgress: Self.upgradeProgressMembers
        case .oldServer: Self.oldServerMembers
        }
    }

    private static let problemMembers = [
        JSONMember("type", .text(), "Always about:blank."), JSONMember("title", .text(), "What the status is called."),
        JSONMember("status", .integer(400...599), "The status."),
        JSONMember("detail", .text(), "What is wrong, and what to do."),
        JSONMember(
            "errors",
            .array(
                of: .object([
                    JSONMember("pointer", .text(), "Where in the content, as a JSON Pointer."),
                    JSONMember("message", .text(), "What is wrong there."),
                ])), "What is wrong with the content."
        ).optional,
        JSONMember("diagnostics", diagnostics, "What is wrong with the config.").optional,
        JSONMember("text", .text(0...10_000_000), "The same as compilers show it.").optional,
        JSONMember("lines", .array(of: .text()), "The last lines of a new process that did not get ready.").optional,
    ]

    static let address = JSONShape.text(1...512, example: "127.0.0.1:9001")
    private static let limit = JSONShape.nullable(.integer(1...1_000_000))

    private static let editable = [
        JSONMember("weight", .integer(1...1000), "Its share of the requests.").optional,
        JSONMember("backup", .boolean, "Whether it is kept for when the others are down.").optional,
        JSONMember("state", .choice(ServerOrder.names), "What the operator wants of it.").optional,
        JSONMember("maxInFlight", limit, "The most requests at a time; null for any number.").optional,
        JSONMember("maxConnections", limit, "The most connections at a time; null for any number.").optional,
    ]
    private static let save = JSONMember("save", .boolean, "Whether it is kept when Martlet is started anew.").optional

    private static let newServerMembers =
        [JSONMember("address", address, "As it is written in a config.")] + editable + [save]
    private static let serverChangeMembers = editable + [save]

    private static let serverMembers = [
        JSONMember("upstream", .text(1...256), "The name of its upstream."),
        JSONMember("server", .text(1...512), "Its address, as it is written in a config."),
        JSONMember("origin", .choice(ServerOrigin.allCases.map(\.rawValue)), "Where it comes from."),
        JSONMember("changed", .boolean, "Whether it has been changed since the config was read."),
        JSONMember("state", .choice(HealthStateNames.all), "How it is."),
        JSONMember("reason", .text(), "Why; empty if there is nothing to say."),
        JSONMember("seconds", .count, "How long it has been in this state."),
        JSONMember("wanted", .choice(ServerOrder.names), "What the operator wants of it."),
        JSONMember("backup", .boolean, "Whether it is kept for when the others are down."),
        JSONMember("weight", .integer(1...1000), "Its share of the requests, as it is set."),
        JSONMember("effectiveWeight", .number, "Its share now; 0 if it is not chosen."),
        JSONMember("maxInFlight", .nullable(.count), "The most requests at a time."),
        JSONMember("maxConnections", .nullable(.count), "The most connections at a time."),
        JSONMember("inFlight", .count, "Requests it works on."),
        JSONMember("connections", .count, "Connections to it, idle ones included."),
        JSONMember("latencyMicroseconds", .count, "Of its responses, a moving average; 0 if it is not known."),
        JSONMember("requests", .count, "Requests sent to it."),
        JSONMember("responses", Self.classes, "Its responses, by class of status."),
        JSONMember("successes", .count, "Requests it answered well."),
        JSONMember("failures", .count, "Requests that failed by it."),
        JSONMember("bytesIn", .count, "Bytes of clients' requests."),
        JSONMember("bytesOut", .count, "Bytes of responses to clients."),
        JSONMember("microseconds", .count, "How long its responses took together."),
        JSONMember("buckets", .array(of: .count), "How many of them fell into each of `bucketBounds`."),
    ]

    private static let upstreamMembers = [
        JSONMember("name", .text(1...256), "Its name."), JSONMember("servers", .count, "How many servers it has."),
        JSONMember("up", .count, "How many of them may be chosen."),
        JSONMember("inFlight", .count, "Requests its servers work on."),
        JSONMember("requests", .count, "Requests sent to its servers."),
        JSONMember("failures", .count, "Requests that failed by its servers."),
    ]

    static let classes = JSONShape.object(
        ["1xx", "2xx", "3xx", "4xx", "5xx"].map { JSONMember($0, .count, "Responses of this class.") })

    private static let listenerMembers = [
        JSONMember("name", .text(), "What it is called."), JSONMember("address", .text(), "Where clients connect."),
        JSONMember("tls", .boolean, "Whether it is for TLS."),
        JSONMember("kind", .choice(["http", "tcp", "redirect", "admin"]), "What is spoken there."),
    ]

    static let processMembers = [
        JSONMember("state", .choice(ProxyPhase.allCases.map(\.rawValue)), "What it is doing."),
        JSONMember("ready", .boolean, "Whether it is to get new requests."),
        JSONMember("version", .text(), "Martlet's version."), JSONMember("pid", .count, "Its process."),
        JSONMember("uptimeSeconds", .count, "How long it has been running."),
        JSONMember("engine", .text(), "What its event loops stand on."),
        JSONMember("workers", .count, "How many event loops serve."),
    ]

    private static let statusMembers =
        processMembers + [
            JSONMember("config", .text(), "The file that it was started with; empty without one."),
            JSONMember("listeners", .array(of: .named(.listener)), "Where it listens."),
            JSONMember("upstreams", .count, "How many upstreams there are."),
            JSONMember("servers", .count, "How many servers there are."),
            JSONMember("routes", .count, "How many routes there are."),
            JSONMember("connectionsActive", .count, "Client connections that are open."),
            JSONMember("exchangesActive", .count, "Requests that are being answered."),
            JSONMember("requests", .count, "Requests since the start."),
            JSONMember("changes", .count, "Changes of servers at run time that are in force."),
            JSONMember("dormant", .array(of: .text()), "Changes of servers that are not in force, and why."),
        ]

    private static let loopMembers = [JSONMember("engine", .text(), "What they stand on."), loopList]

    private static let certificateMembers = [
        JSONMember("owner", .text(), "The listener that presents it, or the upstream whose servers are shown it."),
        JSONMember("names", .array(of: .text()), "The names in it."),
        JSONMember("keyType", .text(), "The kind of its key."),
        JSONMember("issuer", .text(), "Who has issued it; empty if that cannot be told."),
        JSONMember("source", .choice(["file", "acme", "self"]), "Where it comes from."),
        JSONMember("notBefore", .text(format: "date-time"), "From when on it is valid."),
        JSONMember("notAfter", .text(format: "date-time"), "Until when it is valid."),
        JSONMember("secondsLeft", .integer(Int.min...Int.max), "How long that still is."),
        JSONMember("ocsp", .choice(["none", "stapled"]), "Whether a response of OCSP goes with it."),
    ]

    static let diagnostics = JSONShape.array(
        of: .object([
            JSONMember("file", .text(), "The file."), JSONMember("line", .count, "The line, from 1; 0 for none."),
            JSONMember("column", .count, "The column, from 1; 0 for none."),
            JSONMember("length", .count, "How many characters."),
            JSONMember("severity", .choice(["error", "warning"]), "How bad it is."),
            JSONMember("keyPath", .text(), "The setting."), JSONMember("message", .text(), "What is wrong."),
            JSONMember("expected", .text(), "What is expected.").optional,
            JSONMember("hint", .text(), "What to do.").optional,
        ]))

    private static let reloadMembers = [
        JSONMember("changes", .array(of: .text()), "What has changed, a line each."),
        JSONMember("warnings", diagnostics, "What is odd about the config."),
        JSONMember("text", .text(0...10_000_000), "The warnings as compilers show them."),
        JSONMember("kept", .count, "Changes of servers at run time that are still in force."),
        JSONMember("milliseconds", .count, "How long it took."),
    ]

    private static let checkMembers = [
        JSONMember("good", .boolean, "Whether the config can be used."),
        JSONMember("diagnostics", diagnostics, "What is wrong with it, or odd about it."),
        JSONMember("text", .text(0...10_000_000), "The same as compilers show it."),
    ]

    private static let connectionMembers = [
        JSONMember("total", .count, "Client connections that are open."),
        JSONMember("listeners", .map(of: .count), "The same by listener."),
        JSONMember("truncated", .boolean, "Whether there are more than the list has."),
        JSONMember(
            "connections",
            .array(
                of: .object([
                    JSONMember("listener", .text(), "Where it came in."),
                    JSONMember("client", .text(), "The client's address; empty for a Unix socket."),
                    JSONMember("port", .count, "The client's port."),
                    JSONMember("loop", .count, "The event loop that has it."),
                    JSONMember("state", .text(), "What it is doing."),
                    JSONMember("tls", .boolean, "Whether it speaks TLS."),
                    JSONMember("requests", .count, "Requests that came on it."),
                ])), "Some of them."),
    ]

    private static let drainMembers = [
        JSONMember("state", .choice(ProxyPhase.allCases.map(\.rawValue)), "What it is doing."),
        JSONMember("delaySeconds", .count, "When it begins to drain; it says already that it is not ready."),
    ]

    private static let oldServerMembers = [
        JSONMember("upstream", .text(), "The name of its upstream."), JSONMember("server", .text(), "Its address."),
        JSONMember("state", .choice(HealthStateNames.all), "How it is."), JSONMember("reason", .text(), "Why."),
        JSONMember("seconds", .count, "How long it has been so."),
        JSONMember("operator", .choice(["up", "drain", "maintenance"]), "What the operator wants."),
        JSONMember("backup", .boolean, "Whether it is a backup."), JSONMember("weight", .number, "Its share now."),
        JSONMember("in_flight", .count, "Requests it works on."),
        JSONMember("connections", .count, "Connections to it."),
        JSONMember("latency_us", .count, "Of its responses."), JSONMember("successes", .count, "Answered well."),
        JSONMember("failures", .count, "Failed."),
    ]
}
