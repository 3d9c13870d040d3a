// Clients that are browsers, as far as a proxy can tell.
import MartletTestSupport

/// A proxy that wants browsers to show what they are, and such a browser.
struct ChallengeStage {
    let martlet: RunningMartlet
    let origin: Origin

    /// What a browser says of what it takes, and of itself.
    static let fields = ["Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "User-Agent: Browser/1"]

    /// - Parameters:
    ///   - challenge: what stands in the section.
    ///   - rules: those of `access`.
    ///   - route: more of the one route.
    init(
        _ challenge: String = "difficulty: 8", rules: String = "[{name: browsers, action: challenge}]",
        route: String = "", more: String = ""
    ) throws {
        let origin = try Origin { response(200, $0.method + " " + $0.target, ["Content-Type: text/plain"]) }
        self.origin = origin
        martlet = try RunningMartlet(
            """
            workers: 1
            listeners: [{address: "127.0.0.1:0", name: web, proxyProtocol: [127.0.0.1]}]
            admin: {address: 127.0.0.1:0}
            challenge: {\(challenge)}
            access: \(rules)
            routes:
              - {path: /*, upstream: app\(route)}
            upstreams: {app: {servers: ["\(origin.address)"]}}
            \(more)
            """)
    }

    /// What a client gets that comes from an address.
    func ask(
        _ line: String, _ fields: [String] = Self.fields, from address: String = "192.0.2.7", content: String = ""
    ) throws -> HTTPResponse {
        let socket = try martlet.connect(to: "web")
        let version = address.contains(":") ? "TCP6 \(address) 2001:db8::1" : "TCP4 \(address) 198.51.100.1"
        try socket.send("PROXY \(version) 4321 443\r\n" + requestText(line, fields, content: content))
        return try socket.readResponse(to: String(line.prefix { $0 != " " }))
    }

    /// The puzzle in a page.
    static func puzzle(in page: String) throws -> String {
        guard let match = page.firstMatch(of: /data-puzzle="([0-9a-f]+\.[0-9]+\.[-_A-Za-z0-9]+)"/) else {
            throw TestFailure("no puzzle in \(page)")
        }
        return String(match.output.1)
    }

    /// The cookie that a browser sets for a puzzle.
    static func solve(_ puzzle: String) throws -> String {
        let parts = puzzle.split(separator: ".")
        guard parts.count == 3, let bits = Int(parts[1]) else { throw TestFailure("\(puzzle) is no puzzle") }
        for number in 0... where SHA256.zeroBits(SHA256.digest(of: Array("\(puzzle).\(number)".utf8))) >= bits {
            return "\(puzzle).\(number)"
        }
        throw TestFailure("no solution")
    }

    /// Asks, and solves what comes of it: the value of the cookie.
    func pass(_ fields: [String] = Self.fields, from address: String = "192.0.2.7") throws -> String {
        try Self.solve(try Self.puzzle(in: try ask("GET /", fields, from: address).text))
    }

    func count(_ outcome: String) throws -> Double {
        try martlet.metrics["martlet_challenges_total{outcome=\"\(outcome)\"}"] ?? -1
    }
}
