// Which conditions are the same.

extension RouteCondition {
    /// All that must hold, each as a text that is the same for the same condition.
    var parts: Set<String> {
        guard case .all(let conditions) = self else { return [key] }
        return conditions.reduce(into: []) { $0.formUnion($1.parts) }
    }

    private var key: String {
        switch self {
        case .methods(let names): "methods \(Set(names).sorted())"
        case .scheme(let isSecure): "scheme \(isSecure)"
        case .field(let name, let test): "field \(name.lowercased()) \(test.key)"
        case .parameter(let name, let test): "parameter \(name.debugDescription) \(test.key)"
        case .cookie(let name, let test): "cookie \(name) \(test.key)"
        case .certificate(let part, let test): "certificate \(part) \(test.key)"
        case .client(let networks): "client \(networks.map { "\($0)" }.sorted())"
        case .all: "all \(parts.sorted())"
        case .any(let conditions): "any \(conditions.map { $0.parts.sorted() }.sorted { "\($0)" < "\($1)" })"
        case .not(let condition): "not \(condition.parts.sorted())"
        }
    }
}

extension ValueTest {
    fileprivate var key: String {
        switch self {
        case .present: "present"
        case .exact(let text): "exact \(text.debugDescription)"
        case .prefix(let text): "prefix \(text.debugDescription)"
        case .expression(let expression): "expression \(expression.description.debugDescription)"
        }
    }
}
