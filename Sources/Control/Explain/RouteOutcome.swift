// What a request meets on its route: who lets it in, and what comes of it. The loops' own code says so, in a driver that serves
// nobody.
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting
import MartletTelemetry

/// What would become of a request that a route is for.
struct RouteOutcome {
    /// A rule of access that is for it.
    struct Rule {
        let name: String
        let action: AccessAction
        let status: Int
        let isShadow: Bool
    }

    /// An answer of Martlet's own, as the route says it.
    struct Answer {
        let status: Int
        let fields: [HeadText.Field]
        /// How much content it has, in bytes.
        let content: Int
        /// The file that has it; `nil` for none.
        let file: String?
    }

    /// What a server gets.
    struct Request {
        let method: String
        let path: String
        /// `nil` without "?".
        let query: String?
        let host: String
        /// Fields that the client has not sent so, but for those that Martlet adds to every request.
        let set: [HeadText.Field]
        /// The names of fields that do not pass.
        let removed: [String]
    }

    private(set) var rules: [Rule] = []
    /// How the client has to prove who it is.
    private(set) var auth: AuthConfiguration?
    /// Times in which clients get a page instead, whether they are now or not.
    private(set) var pauses: [Pause] = []
    private(set) var failure: FailureKind?
    private(set) var answer: Answer?
    private(set) var request: Request?
    private(set) var mirror: MirrorConfiguration?

    /// The status that Martlet answers with itself; `nil` where a server is asked.
    var status: Int? { failure?.status ?? answer?.status }

    /// - Parameters:
    ///   - route: the one that is taken.
    ///   - sent: the head as the client sends it.
    init(
        _ configuration: Configuration, route: Int, sent: [UInt8], from address: IPAddress, isSecure: Bool
    ) throws(RouteInquiry.Failure) {
        let guards = try Self.guards(configuration)
        let model = try Self.model(configuration, guards)
        guard
            let rehearsal = try Self.rehearse(
                model, OpenGate(configuration, guards), sent: sent, from: address, isSecure: isSecure)
        else { return }
        rules = rehearsal.rules.map { place in
            let rule = model.guarding.access.rules[place]
            return Rule(name: rule.name, action: rule.action, status: Int(rule.status), isShadow: rule.isShadow)
        }
        pauses = Pause.all(configuration, guards.sites.maintenance, route: route, of: address)
        failure = rehearsal.failure
        if let place = rehearsal.admission {
            auth = OpenGate.all(configuration).first { guards.admissions[$0.path] == place }?.auth
        }
        if rehearsal.mirror != nil { mirror = configuration.routes[route].mirror }
        guard let head = HeadText(rehearsal.head) else { return }
        if rehearsal.upstream == nil {
            let root = configuration.routes[route].files?.root
            answer = Answer(
                status: head.status, fields: head.answerFields,
                content: rehearsal.file?.count ?? rehearsal.content.count,
                file: rehearsal.file.map { Self.path($0.path, below: root ?? "") })
        } else {
            request = Request(head, of: configuration.routes[route], sent: HeadText(sent)?.fields ?? [])
        }
    }

    /// What would become of a request that no route is for; `nil` if it is answered with 404.
    init?(withoutRoute configuration: Configuration, from address: IPAddress) throws(RouteInquiry.Failure) {
        let guards = try Self.guards(configuration)
        let parts = guards.sites.maintenance
        pauses = Pause.all(configuration, parts, route: nil, of: address)
        guard let pause = pauses.first(where: \.counts), let place = parts.places[pause.keyPath] else { return nil }
        failure = .maintenance(place: UInt16(place), status: parts.models[Int(place)].status)
    }

    private static func path(_ path: String, below root: String) -> String {
        root.hasSuffix("/") ? root + path : root + "/" + path
    }

    // MARK: The driver

    private static func guards(_ configuration: Configuration) throws(RouteInquiry.Failure) -> GuardParts {
        do throws(FileProblem) {
            var guards = try GuardParts.load(configuration)
            guards.challenger = OpenChallenge()
            return guards
        } catch {
            throw .init(message: error.message)
        }
    }

    private static func model(
        _ configuration: Configuration, _ guards: GuardParts
    ) throws(RouteInquiry.Failure) -> Model {
        let (secure, findings) = SecureParts.load(configuration)
        if let error = findings.first(where: { $0.severity == .error }) { throw .init(message: error.message) }
        do throws(PatternError) {
            return try ModelCompiler.compile(configuration, loops: 1, secure: secure, guards: guards)
        } catch {
            throw .init(message: error.message)
        }
    }

    private static func rehearse(
        _ model: Model, _ gate: OpenGate, sent: [UInt8], from address: IPAddress, isSecure: Bool
    ) throws(RouteInquiry.Failure) -> Rehearsal? {
        do throws(SystemError) {
            var loop = try EventLoop(socketLimit: 8, bufferBytes: 4 << 20)
            var environment = LoopEnvironment(
                loop: 0, metrics: LoopMetrics(servers: model.servers.count), shared: SharedLimits(),
                log: (AccessLogLayout(.json, isOn: false), nil),
                mailbox: try Mailbox())
            environment.gatekeeper = gate
            var driver = ProxyDriver(model: model, environment: environment)
            let peer = PeerAddress(high: address.hi, low: address.lo, port: 0)
            return driver.rehearse(sent.span, from: peer, isSecure: isSecure, on: &loop)
        } catch {
            throw .init(message: error.description)
        }
    }
}

extension RouteOutcome.Request {
    /// Fields that Martlet writes into every request.
    private static let own: Set<String> = [
        "host", "via", "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-request-id",
        "content-length", "transfer-encoding",
    ]

    /// - Parameter sent: the fields as the client has sent them.
    fileprivate init?(_ head: HeadText, of route: RouteConfiguration, sent: [HeadText.Field]) {
        let line = head.line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard line.count == 3 else { return nil }
        let target = line[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        method = String(line[0])
        path = String(target.first ?? "")
        query = target.count > 1 ? String(target[1]) : nil
        host = head.fields.first { $0.name.lowercased() == "host" }?.value ?? ""
        let edits = route.requestFields
        let edited = Set(
            (edits.set + edits.add + edits.rename).flatMap { [$0.name.lowercased(), $0.value.lowercased()] })
        let isOwn: (String) -> Bool = { Self.own.contains($0.lowercased()) && !edited.contains($0.lowercased()) }
        set = head.fields.filter { field in !isOwn(field.name) && !sent.contains { $0.isSame(as: field) } }
        let names = Set(head.fields.map { $0.name.lowercased() })
        removed = sent.map(\.name).filter { !names.contains($0.lowercased()) }
    }
}

/// A head of HTTP/1.1 in words.
struct HeadText {
    /// A field line.
    struct Field {
        let name: String
        let value: String

        func isSame(as other: Field) -> Bool { name.lowercased() == other.name.lowercased() && value == other.value }
    }

    let line: String
    let fields: [Field]

    /// `nil` for nothing.
    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first else { return nil }
        line = String(first)
        fields = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return Field(
                name: String(line[..<colon]), value: String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
    }

    /// Of a response's head.
    var status: Int { Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    /// The fields of an answer that the config has to do with.
    var answerFields: [Field] {
        fields.filter { !["date", "content-length", "connection"].contains($0.name.lowercased()) }
    }
}
