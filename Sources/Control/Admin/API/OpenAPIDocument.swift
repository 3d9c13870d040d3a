// The document that describes the admin API (OpenAPI 3.1), made of the operations themselves.
import MartletProxyConfig

/// Writes the document.
struct OpenAPIDocument {
    let operations: [APIOperation]

    /// The document.
    var json: JSONText {
        .object([
            ("openapi", .string("3.1.0")),
            (
                "info",
                .object([
                    ("title", .string("Martlet admin API")), ("version", .string(MartletVersion.string)),
                    ("description", .string("What operators ask of a running Martlet. See docs/admin.md.")),
                    ("license", .object([("name", .string("Apache-2.0")), ("identifier", .string("Apache-2.0"))])),
                ])
            ),
            ("servers", .array([.object([("url", .string("/"))])])),
            ("security", .array(Self.rights)),
            ("paths", .object(paths)),
            (
                "components",
                .object([
                    ("schemas", .object(APISchema.allCases.map { ($0.name, $0.shape.schema) })),
                    ("securitySchemes", securitySchemes),
                ])
            ),
        ])
    }

    private var securitySchemes: JSONText {
        .object([
            ("token", .object([("type", .string("http")), ("scheme", .string("bearer"))])),
            ("certificate", .object([("type", .string("mutualTLS"))])),
        ])
    }

    /// One of these is asked for.
    private static let rights = [JSONText.object([("token", .array([]))]), .object([("certificate", .array([]))])]

    private static let text = JSONText.object([("type", .string("string"))])

    private var paths: [(String, JSONText)] {
        var paths: [(String, [APIOperation])] = []
        for operation in operations {
            if let index = paths.firstIndex(where: { $0.0 == operation.path }) {
                paths[index].1.append(operation)
            } else {
                paths.append((operation.path, [operation]))
            }
        }
        return paths.map { path, operations in
            (path, .object(operations.map { ($0.method.lowercased(), object($0)) }))
        }
    }

    private func object(_ operation: APIOperation) -> JSONText {
        var members: [(String, JSONText)] = [
            ("operationId", .string(operation.id.rawValue)), ("tags", .array([.string(operation.tag)])),
            ("summary", .string(operation.summary)),
        ]
        if !operation.about.isEmpty { members.append(("description", .string(operation.about))) }
        if operation.isDeprecated { members.append(("deprecated", .boolean(true))) }
        if operation.opening != nil {
            // None need be shown where `admin.open` has it.
            members.append(("security", .array([.object([])] + Self.rights)))
        }
        let parameters = parameters(operation)
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let content = operation.content {
            members.append(
                (
                    "requestBody",
                    .object([
                        ("required", .boolean(content.isRequired)),
                        ("content", .object(content.types.map { ($0, .object([("schema", content.schema(of: $0))])) })),
                    ])
                ))
        }
        members.append(("responses", .object(responses(operation))))
        return .object(members)
    }

    private func parameters(_ operation: APIOperation) -> [JSONText] {
        var parameters = operation.pathParameters.map { name in
            JSONText.object([
                ("name", .string(name)), ("in", .string("path")), ("required", .boolean(true)),
                ("schema", APIOperation.shape(ofPathParameter: name).schema),
            ])
        }
        parameters += operation.parameters.map {
            .object([
                ("name", .string($0.name)), ("in", .string("query")), ("description", .string($0.about)),
                ("schema", $0.shape.schema),
            ])
        }
        if operation.heedsMatch {
            parameters.append(
                .object([
                    ("name", .string("If-Match")), ("in", .string("header")),
                    (
                        "description",
                        .string("The ETag of what is to be changed; it is not changed when it has another.")
                    ),
                    ("schema", Self.text),
                ]))
        }
        return parameters
    }

    private func responses(_ operation: APIOperation) -> [(String, JSONText)] {
        var responses: [(String, JSONText)] = [(String(operation.answer.status), good(operation))]
        for status in operation.statuses where status != operation.answer.status {
            var members: [(String, JSONText)] = [
                ("description", .string(AdminProblem.titles[status] ?? "Not Modified"))
            ]
            if operation.opening != nil && status == 503 {
                members.append(("content", .object([("text/plain", .object([("schema", Self.text)]))])))
            } else if status != 304 {
                let schema = JSONText.object([("schema", JSONShape.named(.problem).schema)])
                members.append(("content", .object([(AdminProblem.contentType, schema)])))
            }
            responses.append((String(status), .object(members)))
        }
        return responses
    }

    private func good(_ operation: APIOperation) -> JSONText {
        var members: [(String, JSONText)] = [("description", .string(operation.summary))]
        if operation.hasTag {
            members.append(("headers", .object([("ETag", .object([("schema", Self.text)]))])))
        }
        switch operation.answer.content {
        case .nothing: break
        case .text(let type): members.append(("content", .object(content(type, Self.text, operation))))
        case .json(let shape):
            members.append(("content", .object(content("application/json", shape.schema, operation))))
        }
        return .object(members)
    }

    private func content(_ type: String, _ schema: JSONText, _ operation: APIOperation) -> [(String, JSONText)] {
        [(type, .object([("schema", schema)]))]
            + operation.otherTypes.map { other in
                // A value of YAML is one that its readers make of it.
                let schema = other == "application/yaml" ? JSONShape.anything.schema : Self.text
                return (other, .object([("schema", schema)]))
            }
    }
}

extension APIOperation {
    /// All statuses that it may be answered with.
    var statuses: [Int] {
        var all = [answer.status] + problems
        // What is no request, or takes too long or too much room, is refused before anybody looks at what it is for.
        all += [400, 408, 414, 431]
        // Who has no right is not told more either.
        all += [401, 403]
        if !pathParameters.isEmpty { all.append(404) }
        if content != nil { all += [413, 415, 422] }
        if heedsMatch { all.append(412) }
        return Set(all).sorted()
    }
}

extension APIOperation.Content {
    /// What it is in one of its media types: JSON and plain text are looked at, all else means whatever its own rules say.
    fileprivate func schema(of type: String) -> JSONText {
        type.hasSuffix("json") || type == "text/plain" ? shape.schema : JSONShape.anything.schema
    }
}
