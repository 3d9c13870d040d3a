import MartletProxyConfig
import Testing

@testable import MartletControl
@testable import MartletProxy

/// The document and the server are made of the same table; here it is checked that nothing is lost on the way.
@Suite struct OpenAPIDocumentTests {
    private let document = OpenAPIDocument(operations: APIOperation.all).json

    private func members(_ json: JSONText?) -> [(String, JSONText)] {
        guard case .object(let members)? = json else { return [] }
        return members
    }

    @Test func everyOperationIsThereOnceAndIsDone() {
        #expect(APIOperation.all.map(\.id.rawValue).sorted() == APIOperation.ID.allCases.map(\.rawValue).sorted())
        let pairs = members(document["paths"]).flatMap { path, methods in
            members(methods).map { "\($0.0.uppercased()) \(path)" }
        }
        #expect(pairs.sorted() == APIOperation.all.map { "\($0.method) \($0.path)" }.sorted())
        #expect(Set(pairs).count == pairs.count)
    }

    @Test func everyOperationIsRouted() throws {
        let router = APIRouter(operations: APIOperation.all)
        for operation in APIOperation.all {
            let path = operation.path.replacing(/\{[a-z]+\}/, with: "a%2Fb")
            let (found, values) = try router.operation(AdminRequest(method: operation.method, path: path, query: ""))
                .get()
            #expect(found.id == operation.id)
            #expect(values.keys.sorted() == operation.pathParameters.sorted())
            #expect(values.values.allSatisfy { $0 == "a/b" })
        }
    }

    @Test func everyReferenceLeadsSomewhere() {
        let names = Set(members(document["components"]?["schemas"]).map(\.0))
        #expect(names.count == APISchema.allCases.count)
        var found: Set<String> = []
        func visit(_ value: JSONText) {
            switch value {
            case .array(let values): values.forEach(visit)
            case .object(let members):
                for (name, value) in members {
                    if name == "$ref", case .string(let text) = value { found.insert(text) } else { visit(value) }
                }
            default: break
            }
        }
        visit(document)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { names.contains(String($0.dropFirst("#/components/schemas/".count))) })
    }

    @Test func everyAnswerIsDescribed() {
        for (path, methods) in members(document["paths"]) {
            for (method, operation) in members(methods) {
                let responses = members(operation["responses"])
                #expect(responses.contains { $0.0.hasPrefix("2") }, "\(method) \(path)")
                #expect(responses.allSatisfy { $0.1["description"] != nil }, "\(method) \(path)")
                #expect(operation["operationId"] != nil && operation["summary"] != nil)
                for name in path.matches(of: /\{([a-z]+)\}/).map({ String($0.output.1) }) {
                    let parameters = operation["parameters"]?.elements ?? []
                    #expect(parameters.contains { $0["name"] == .string(name) && $0["in"] == .string("path") })
                }
            }
        }
    }

    @Test func whatIsOpenIsSaidToBe() {
        for path in ["/healthz", "/readyz", "/metrics"] {
            let ways = document["paths"]?[path]?["get"]?["security"]?.elements ?? []
            #expect(ways.count == 3 && ways[0] == .object([]), "with a right or without")
        }
        #expect(document["paths"]?["/v1/status"]?["get"]?["security"] == nil, "one of those for all")
        #expect(APIOperation.all.filter { $0.opening != nil }.count == 3)
        #expect(APIOperation.all.allSatisfy { $0.opening == nil || !$0.changes })
    }
}
