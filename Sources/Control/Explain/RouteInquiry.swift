// What would become of a request: asked on the command line, answered from the config alone.
import MartletHTTP1
import MartletHTTPCore
import MartletProxyConfig
import MartletRouting

/// What `martlet explain` asks.
package struct RouteInquiry {
    /// Why a question cannot be answered.
    package struct Failure: Error, Equatable, Sendable {
        /// Why, in a line.
        package let message: String
    }

    private let method: String
    private let isSecure: Bool
    private let authority: String
    /// The path with its query, as it would be sent.
    private let target: String
    private let fields: [(name: String, value: String)]
    private let address: IPAddress

    /// - Parameters:
    ///   - url: `http://host/path` or `https://host/path`.
    ///   - fields: lines such as `X-Env: blue`.
    ///   - client: the address of the client; 127.0.0.1 unless given.
    package init(method: String, url: String, fields: [String], client: String?) throws(Failure) {
        self.method = method
        guard let (scheme, rest) = Self.split(url, at: "://"), ["http", "https"].contains(scheme.lowercased()) else {
            throw Failure(message: "'\(url)' is not a URL such as https://example.com/path")
        }
        isSecure = scheme.lowercased() == "https"
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        authority = String(rest[..<end])
        let path = rest[end...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/" + path
        var lines: [(String, String)] = []
        for field in fields {
            guard let (name, value) = Self.split(field, at: ":") else {
                throw Failure(message: "'\(field)' is not a field such as 'X-Env: blue'")
            }
            lines.append((name, String(value.drop { $0 == " " })))
        }
        self.fields = lines
        guard let address = IPAddress(parsing: client ?? "127.0.0.1") else {
            throw Failure(message: "'\(client ?? "")' is not an IP address")
        }
        self.address = address
    }

    private static func split(_ text: String, at separator: String) -> (String, String)? {
        let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }

    /// The request as it would be sent by HTTP/1.1. A Host among the fields is the one that counts.
    private var head: String {
        let hasHost = fields.contains { $0.name.lowercased() == "host" }
        let lines = (hasHost ? [] : [("Host", authority)]) + fields
        return "\(method) \(target) HTTP/1.1\r\n" + lines.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }

    /// What would become of it.
    /// - Parameter checked: a config that can be used.
    package func answer(_ checked: CheckedConfiguration) throws(Failure) -> RouteReport {
        let configuration = checked.configuration
        var rules: [RouteRule] = []
        for route in configuration.routes {
            do throws(PatternError) { rules.append(try route.rule()) } catch { throw Failure(message: error.message) }
        }
        var report = RouteReport(request: "\(method) \(isSecure ? "https" : "http")://\(authority)\(target)")
        var bytes = Array(head.utf8)
        let limits = configuration.limits
        var request = RequestHead(fieldCapacity: limits.requestFields)
        let result = RequestParser.parse(
            bytes.span, into: &request,
            limits: HeadLimits(
                headBytes: limits.requestHead, fields: limits.requestFields, targetBytes: limits.uri))
        switch result {
        case .refused(let refusal): return report.refused(refusal)
        case .incomplete: throw Failure(message: "this is not a request")
        case .complete: break
        }
        var span = bytes.mutableSpan
        if let refusal = request.normalizePath(in: &span) { return report.refused(refusal) }
        report.path = String(decoding: bytes[request.path.range], as: UTF8.self)
        let client = RouteClient(address: address, isSecure: isSecure)
        let verdicts = RouteExplainer(rules).explain(request, bytes.span, client)
        report.routes = configuration.routes.indices.map { index in
            let line = index < checked.routeLines.count ? checked.routeLines[index] : 0
            return .init(index: index, line: line, text: configuration.routes[index].summary, verdict: verdicts[index])
        }
        guard let taken = verdicts.firstIndex(of: .taken) else { return try withoutRoute(report, configuration) }
        let route = configuration.routes[taken]
        if request.hasEncodedSlash && route.encodedSlashes == .refuse { return report.refused(.ambiguousPath) }
        report.outcome = try RouteOutcome(
            configuration, route: taken, sent: Array(head.utf8), from: address, isSecure: isSecure)
        // No server hears of what is refused.
        if report.outcome?.failure != nil { return report }
        report.upstreams = configuration.upstreams.filter { route.upstreams.contains($0.name) }.map { upstream in
            let share = route.split?.upstreams.first { $0.upstream == upstream.name }
            return .init(upstream, share: share.map(\.weight))
        }
        return report
    }

    /// Where no route is for it, nobody may be served at all.
    private func withoutRoute(
        _ report: RouteReport, _ configuration: Configuration
    ) throws(Failure) -> RouteReport {
        var report = report
        report.outcome = try RouteOutcome(withoutRoute: configuration, from: address)
        return report
    }
}

extension RouteConfiguration {
    /// What it is for, in a line.
    fileprivate var summary: String {
        let place = regex.map { "regex \($0)" } ?? path
        return host.isEmpty ? place : host.joined(separator: ", ") + " " + place
    }
}
