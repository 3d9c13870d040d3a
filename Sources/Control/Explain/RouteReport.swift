// What is said of a request and the routes, for people and as JSON.
import MartletHTTPCore
import MartletProxyConfig
import MartletRouting

/// What would become of a request.
package struct RouteReport {
    /// A route and what is to be said of it.
    struct Route {
        let index: Int
        /// Where it stands in the file; 0 where that is not known.
        let line: Int
        let text: String
        let verdict: RouteVerdict

        var name: String { line > 0 ? "routes[\(index)], line \(line)" : "routes[\(index)]" }
    }

    /// A server that may get the request.
    struct Server {
        let address: String
        let weight: Int
        let isBackup: Bool
        /// What the config says of it: up, draining or maintenance.
        let state: String
    }

    /// An upstream that may get the request.
    struct Upstream {
        let name: String
        /// Its weight among those that the route splits its requests between; `nil` without a split.
        let share: Int?
        let servers: [Server]

        init(_ upstream: UpstreamConfiguration, share: Int?) {
            name = upstream.name
            self.share = share
            servers = upstream.servers.map {
                Server(
                    address: $0.address.description, weight: $0.weight, isBackup: $0.backup, state: $0.state.rawValue)
            }
        }
    }

    let request: String
    /// In the one form; `nil` if it has none.
    var path: String?
    /// Why it is refused before or behind its route; `nil` if it is not.
    var refusal: HeadRefusal?
    var routes: [Route] = []
    var upstreams: [Upstream] = []
    /// What becomes of it on its route; `nil` if it takes none, or is refused before.
    var outcome: RouteOutcome?

    init(request: String) { self.request = request }

    func refused(_ refusal: HeadRefusal) -> RouteReport {
        var report = self
        report.refusal = refusal
        return report
    }

    private var taken: Route? { routes.first { $0.verdict == .taken } }

    /// The status that Martlet answers with itself; `nil` where a server is asked.
    package var status: Int? { refusal?.status ?? (taken == nil ? outcome?.status ?? 404 : outcome?.status) }

    // MARK: For people

    package var text: String {
        var lines = ["request   \(request)"]
        if let path { lines.append("path      \(path)") }
        if let taken { lines.append("route     \(taken.name): \(taken.text)") }
        lines += outcome?.gateLines ?? []
        if let refusal {
            lines.append("answer    \(refusal.status): \(refusal.reason)")
        } else if taken == nil && outcome == nil {
            lines.append("answer    404: no route is for it")
        }
        for upstream in upstreams {
            let total = upstreams.reduce(0) { $0 + ($1.share ?? 0) }
            lines.append("upstream  \(upstream.name)\(upstream.share.map { ", \($0) of \(total)" } ?? "")")
            for server in upstream.servers { lines.append("          \(Self.text(server))") }
        }
        lines += outcome?.lines ?? []
        let others = routes.filter { $0.verdict != .taken }
        if !others.isEmpty { lines.append("others") }
        for route in others {
            lines.append("          \(route.name): \(route.text)")
            lines.append("            \(Self.text(route.verdict))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ server: Server) -> String {
        var text = server.address
        if server.weight != 1 { text += ", weight \(server.weight)" }
        if server.isBackup { text += ", backup" }
        return server.state == "up" ? text : text + ", \(server.state)"
    }

    private static func text(_ verdict: RouteVerdict) -> String {
        switch verdict {
        case .taken: "taken"
        case .host: "is for other hosts"
        case .path: "is for other paths"
        case .conditions(let unmet): "asks for what is not so: " + unmet.joined(separator: "; ")
        case .behind(let other, let reason): "comes behind routes[\(other)], \(text(reason))"
        }
    }

    private static func text(_ reason: RoutePrecedence.Reason) -> String {
        switch reason {
        case .host: "whose host is more exact"
        case .path: "whose path is more exact"
        case .conditions: "which has more conditions"
        case .order: "which stands before it"
        }
    }

    // MARK: For programs

    package var json: String {
        var members: [(String, JSONText)] = [("request", .string(request))]
        if let path { members.append(("path", .string(path))) }
        if let status { members.append(("status", .integer(status))) }
        if let refusal { members.append(("refused", .string(refusal.reason))) }
        if let taken { members.append(("route", .integer(taken.index))) }
        members += outcome?.members ?? []
        members.append(("upstreams", .array(upstreams.map(Self.json))))
        members.append(("routes", .array(routes.map(Self.json))))
        return JSONText.object(members).pretty() + "\n"
    }

    private static func json(_ upstream: Upstream) -> JSONText {
        let servers = upstream.servers.map { server in
            JSONText.object([
                ("address", .string(server.address)), ("weight", .integer(server.weight)),
                ("backup", .boolean(server.isBackup)), ("state", .string(server.state)),
            ])
        }
        let share = upstream.share.map { [("weight", JSONText.integer($0))] } ?? []
        return .object([("name", .string(upstream.name))] + share + [("servers", .array(servers))])
    }

    private static func json(_ route: Route) -> JSONText {
        var members: [(String, JSONText)] = [
            ("route", .integer(route.index)), ("line", .integer(route.line)), ("is", .string(route.text)),
        ]
        switch route.verdict {
        case .taken: members.append(("verdict", .string("taken")))
        case .host: members.append(("verdict", .string("host")))
        case .path: members.append(("verdict", .string("path")))
        case .conditions(let unmet):
            members += [("verdict", .string("conditions")), ("unmet", .array(unmet.map { .string($0) }))]
        case .behind(let other, let reason):
            members += [
                ("verdict", .string("behind")), ("behind", .integer(other)), ("by", .string(reason.rawValue)),
            ]
        }
        return .object(members)
    }
}
