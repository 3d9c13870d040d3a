// Conditions in words.

extension RouteCondition: CustomStringConvertible {
    package var description: String {
        switch self {
        case .methods(let names): "the method is \(names.joined(separator: " or "))"
        case .scheme(let isSecure): "the scheme is \(isSecure ? "https" : "http")"
        case .field(let name, let test): "header \(name) \(test.description)"
        case .parameter(let name, let test): "parameter \(name) \(test.description)"
        case .cookie(let name, let test): "cookie \(name) \(test.description)"
        case .certificate(let part, let test): "\(part) of the client's certificate \(test.description)"
        case .client(let networks): "the client is in \(networks.map { "\($0)" }.joined(separator: " or "))"
        case .all(let conditions): conditions.map(\.description).joined(separator: " and ")
        case .any(let conditions): "(" + conditions.map(\.description).joined(separator: ", or ") + ")"
        case .not(let condition): "not (\(condition.description))"
        }
    }
}

extension ValueTest: CustomStringConvertible {
    package var description: String {
        switch self {
        case .present: "is there"
        case .exact(let text): "is '\(text)'"
        case .prefix(let text): "begins with '\(text)'"
        case .expression(let expression): "matches '\(expression.description)'"
        }
    }
}
