// Changes of the fields of requests and responses.

/// Changes of the fields of requests. Each name may stand in one of the keys only, so that their order does not matter. Fields
/// that frame a message, or are for one connection, are not the config's to change.
///
/// Values may have variables in braces: `{client.ip}`, `{client.port}`, `{request.id}`, `{request.method}`, `{host}`, `{path}`,
/// `{query}`, `{uri}`, `{scheme}`, `{tls.subject}`, `{tls.version}`, `{tls.sni}`, `{route}`, `{upstream}`, `{rest}`,
/// `{path.NAME}`, `{match.NAME}`, `{field.NAME}`, `{cookie.NAME}` and `{query.NAME}`. They are of the request as the client has sent it. A field whose value comes
/// out empty is not sent. `{{` and `}}` are the braces themselves.
package struct RequestFieldsConfiguration: Sendable, Equatable {
    /// Fields with their values, in the place of what the client sent under these names.
    package var set: [FieldTemplate] = []

    /// The same besides what the client sent.
    package var add: [FieldTemplate] = []

    /// Fields that servers do not get.
    package var remove: [String] = []

    /// Fields that get another name, and their new names. What the client sent under a new name is dropped.
    package var rename: [FieldTemplate] = []

    /// No changes.
    package init() {}
}

/// Changes of the fields of responses: of servers, of `redirect` and `respond`, and of error pages. Keys and values are as in
/// `requestFields`, with the request's values in the variables, and with `{server.address}` for routes with `hideOrigin: off`.
package struct ResponseFieldsConfiguration: Sendable, Equatable {
    /// Fields with their values, in the place of what the server sent under these names.
    package var set: [FieldTemplate] = []

    /// The same besides what the server sent.
    package var add: [FieldTemplate] = []

    /// Fields that clients do not get.
    package var remove: [String] = []

    /// Fields that get another name, and their new names. What the server sent under a new name is dropped.
    package var rename: [FieldTemplate] = []

    /// No changes.
    package init() {}
}

extension RequestFieldsConfiguration: Section {
    static let noun = "requestFields"
    static var blank: RequestFieldsConfiguration { RequestFieldsConfiguration() }

    static var keys: [Key<RequestFieldsConfiguration>] {
        [
            Key("set", \.set, .requestFieldTemplates),
            Key("add", \.add, .requestFieldTemplates),
            Key("remove", \.remove, .list(of: .editedField)),
            Key("rename", \.rename, .fieldNames),
        ]
    }
}

extension ResponseFieldsConfiguration: Section {
    static let noun = "responseFields"
    static var blank: ResponseFieldsConfiguration { ResponseFieldsConfiguration() }

    static var keys: [Key<ResponseFieldsConfiguration>] {
        [
            Key("set", \.set, .responseFieldTemplates),
            Key("add", \.add, .responseFieldTemplates),
            Key("remove", \.remove, .list(of: .editedField)),
            Key("rename", \.rename, .fieldNames),
        ]
    }
}
