// What the admin listener answers (decision D8): the engine serves it, this says what.
import MartletProxy

/// Answers requests on the admin listener, off the loops.
struct AdminService: AdminResponder {
    let api: AdminAPI
    /// As the config in force has them.
    let rights: @Sendable () -> AdminRights
    private let router = APIRouter(operations: APIOperation.all)

    init(_ scene: AdminScene, rights: @escaping @Sendable () -> AdminRights) {
        api = AdminAPI(scene: scene)
        self.rights = rights
    }

    func contentLimit(of request: AdminRequest) -> Int {
        guard case .success((let operation, _)) = router.operation(request), operation.content != nil,
            rights().refusal(request, operation) == nil
        else { return 0 }
        return APIRouter.contentLimit
    }

    func respond(to request: AdminRequest, reply: @escaping @Sendable (LocalAnswer) -> Void) {
        Task { reply(await answer(request)) }
    }

    func answer(_ request: AdminRequest) async -> LocalAnswer {
        if request.path == "/", request.reads { return .text(200, Self.index) }
        switch router.operation(request) {
        case .failure(let problem): return problem.answer
        case .success((let operation, let values)):
            if let problem = rights().refusal(request, operation) { return problem.answer }
            switch APIRouter.call(operation, values, request) {
            case .failure(let problem): return problem.answer
            case .success(let call): return await api.answer(call)
            }
        }
    }

    private static let index: String = {
        let lines = APIOperation.all.filter { !$0.isDeprecated }.map { operation in
            operation.method + String(repeating: " ", count: 7 - operation.method.count) + operation.path
        }
        return "Martlet \(MartletVersion.string)\n\n" + lines.joined(separator: "\n") + "\n"
    }()
}

extension AdminRequest {
    /// Whether it only wants to know something.
    var reads: Bool { method == "GET" || method == "HEAD" }

    /// What it takes, of all its fields of that name; empty for anything.
    var accept: String { list("accept") ?? "" }
}

extension LocalAnswer {
    /// Plain text.
    static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> LocalAnswer {
        LocalAnswer(status: status, contentType: type, content: Array(text.utf8))
    }
}
