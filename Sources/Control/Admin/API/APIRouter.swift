// From a request to the operation that it asks for. Pure.
import MartletProxy
import MartletProxyConfig

/// Leads requests to operations.
struct APIRouter: Sendable {
    let operations: [APIOperation]

    /// The operation that a request asks for, with the parameters of its path; or why there is none. Neither the query nor the
    /// content is looked at.
    func operation(_ request: AdminRequest) -> Result<(APIOperation, [String: String]), AdminProblem> {
        let parts = request.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var methods: [String] = []
        for operation in operations {
            guard let values = Self.match(operation.segments, parts) else { continue }
            let isAsked =
                operation.method == request.method || request.method == "HEAD" && operation.method == "GET"
            if isAsked { return .success((operation, values)) }
            methods.append(operation.method)
        }
        if methods.isEmpty {
            return .failure(AdminProblem(404, "there is no such path; GET / has what there is"))
        }
        if methods.contains("GET") { methods.append("HEAD") }
        var problem = AdminProblem(405, "only \(methods.joined(separator: ", ")) can be asked here")
        problem.allow = methods.joined(separator: ", ")
        return .failure(problem)
    }

    /// The parameters in a path, decoded; `nil` if it is another path.
    private static func match(_ segments: [Substring], _ parts: [Substring]) -> [String: String]? {
        guard segments.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            if segment.hasPrefix("{") {
                guard let value = PercentCoding.decoded(part), !value.isEmpty else { return nil }
                values[String(segment.dropFirst().dropLast())] = value
            } else if segment != part {
                return nil
            }
        }
        return values
    }

    /// A call with its parameters and content; or what is wrong with them.
    static func call(
        _ operation: APIOperation, _ values: [String: String], _ request: AdminRequest
    ) -> Result<APICall, AdminProblem> {
        var values = values
        switch query(request.query, operation) {
        case .failure(let problem): return .failure(problem)
        case .success(let more): values.merge(more) { one, _ in one }
        }
        if request.isTooLarge { return .failure(AdminProblem(413, "the content is larger than \(contentLimit) bytes")) }
        var call = APICall(operation: operation, values: values, request: request)
        guard let content = operation.content else { return .success(call) }
        if request.content.isEmpty {
            if !content.isRequired { return .success(call) }
            return .failure(AdminProblem(400, "there is no content; expected \(content.shape.expected)"))
        }
        let type = (request.field("content-type") ?? "").prefix { $0 != ";" }.lowercased()
        guard content.types.contains(type) else {
            let wanted = content.types.joined(separator: " or ")
            return .failure(AdminProblem(415, "the Content-Type is '\(type)'; expected \(wanted)"))
        }
        guard content.types.first == "application/json" else { return .success(call) }
        do throws(JSONFault) {
            let json = try JSONText(reading: request.content).withWholeNumbers
            let misfits = content.shape.misfits(json)
            if !misfits.isEmpty { return .failure(AdminProblem(422, "the content is not what is expected", misfits)) }
            call.json = json
            return .success(call)
        } catch {
            return .failure(AdminProblem(400, "the content is no JSON: \(error.message), at byte \(error.offset)"))
        }
    }

    /// The most bytes of content.
    static let contentLimit = 1 << 20

    private static func query(_ query: String, _ operation: APIOperation) -> Result<[String: String], AdminProblem> {
        // Who asks for health may put there what it likes: load balancers and browsers do.
        if operation.opening != nil { return .success([:]) }
        var values: [String: String] = [:]
        for part in query.split(separator: "&") {
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decoded(pieces[0].replacing("+", with: " ")),
                let value = PercentCoding.decoded((pieces.count > 1 ? pieces[1] : "").replacing("+", with: " "))
            else { return .failure(AdminProblem(400, "the query is not percent-encoded as it should be")) }
            guard let parameter = operation.parameters.first(where: { $0.name == name }) else {
                let known = operation.parameters.map { $0.name }.joined(separator: ", ")
                let hint = known.isEmpty ? "there are none here" : "there are \(known)"
                return .failure(AdminProblem(400, "there is no parameter '\(name.prefix(64))'; \(hint)"))
            }
            if values.updateValue(value, forKey: name) != nil {
                return .failure(AdminProblem(400, "the parameter '\(name)' is there twice"))
            }
            if !parameter.shape.misfits(parameter.shape.value(value)).isEmpty {
                return .failure(
                    AdminProblem(400, "the parameter '\(name)' is wrong; expected \(parameter.shape.expected)"))
            }
        }
        return .success(values)
    }
}

extension JSONShape {
    /// The value that a parameter spells.
    fileprivate func value(_ text: String) -> JSONText {
        switch self {
        case .integer: Int(text).map { .integer($0) } ?? .string(text)
        case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : .string(text)
        default: .string(text)
        }
    }
}
