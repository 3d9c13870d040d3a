// Servers on the admin listener: how they are, and what the operator wants of them.
import MartletBalancing
import MartletHealth
import MartletProxy

/// Answers requests for `/servers` and what is below it.
struct ServerDesk: Sendable {
    /// What a path asks for.
    enum Order: Equatable {
        case list
        case set(server: Int, OperatorState)
    }

    static let path = "/servers"

    private let current: @Sendable () -> Model
    let loads: ServerLoads
    let keeper: HealthKeeper

    /// - Parameter model: what is in force, whenever it is asked.
    init(model: @escaping @Sendable () -> Model, loads: ServerLoads, keeper: HealthKeeper) {
        current = model
        self.loads = loads
        self.keeper = keeper
    }

    var model: Model { current() }

    /// Whether a request is for this desk.
    static func takes(_ request: AdminRequest) -> Bool {
        request.path == path || request.path.hasPrefix(path + "/")
    }

    /// Answers when the keeper has.
    func respond(to request: AdminRequest, reply: @escaping @Sendable (LocalAnswer) -> Void) {
        switch order(request) {
        case .failure(let refusal): reply(refusal.answer)
        case .success(.list): keeper.report { reply(.json(list($0))) }
        case .success(.set(let server, let state)):
            keeper.setState(server, state)
            keeper.report { reports in reply(.json(list(reports.filter { $0.server == server }))) }
        }
    }

    /// Why a request is not followed.
    struct Refusal: Error {
        let answer: LocalAnswer
    }

    /// Reads a request: `GET /servers`, or `POST /servers/UPSTREAM/SERVER/up`.
    func order(_ request: AdminRequest) -> Result<Order, Refusal> {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2)
            .map { PercentCoding.decoded($0) }
        if parts.isEmpty {
            return request.reads ? .success(.list) : refuse(405, "only GET and HEAD are allowed here", "GET, HEAD")
        }
        if parts.count != 3 { return refuse(404, "expected /servers or /servers/UPSTREAM/SERVER/STATE") }
        let model = model
        guard let upstream = model.upstreams.first(where: { $0.name == parts[0] && !$0.isRetired }) else {
            return refuse(404, "there is no such upstream; GET /servers has all")
        }
        guard let server = upstream.servers.first(where: { model.servers[$0].name == parts[1] }) else {
            return refuse(404, "the upstream has no such server; GET /servers has all")
        }
        guard let state = Self.states[parts[2] ?? ""] else {
            return refuse(404, "there is no such state; expected up, drain or maintenance")
        }
        if request.method != "POST" { return refuse(405, "only POST is allowed here", "POST") }
        return .success(.set(server: server, state))
    }

    private static let states: [String: OperatorState] = [
        "up": .up, "drain": .draining, "maintenance": .maintenance,
    ]

    private func refuse(_ status: Int, _ text: String, _ allow: String? = nil) -> Result<Order, Refusal> {
        .failure(Refusal(answer: .text(status, text + "\n", allow: allow)))
    }
}

extension AdminRequest {
    /// Whether it only wants to know something.
    var reads: Bool { method == "GET" || method == "HEAD" }
}
