// What the admin API can do, as data: requests are led by it, and the OpenAPI document is made of it, so that what is said and
// what is done cannot differ.
import MartletProxy
import MartletProxyConfig

/// Something that can be asked of the admin listener.
struct APIOperation: Sendable {
    /// Its name in the document; each has its place in `AdminAPI`.
    enum ID: String, CaseIterable, Sendable {
        case health, readiness, metrics
        case document, version, status, loops, stats, top
        case config, reload, check
        case upstreams, upstream, servers, addServer, server, changeServer, removeServer
        case connections, certificates, drain, upgradeProgress, upgrade, logLevel, setLogLevel
        case serverList, setServerState
    }

    /// A parameter of the query.
    struct Parameter: Sendable {
        let name: String
        let shape: JSONShape
        let about: String
    }

    /// The content of a request.
    struct Content: Sendable {
        /// The media types that are taken.
        let types: [String]
        let shape: JSONShape
        var isRequired = true
    }

    /// The content of an answer that is no problem.
    enum Answer: Sendable {
        case json(JSONShape)
        case text(String)
        case nothing
    }

    let id: ID
    let method: String
    /// `/v1/upstreams/{upstream}`: what stands in braces is a parameter.
    let path: String
    let tag: String
    let summary: String
    var about = ""
    var parameters: [Parameter] = []
    var content: Content?
    /// The status when all goes well, and what comes with it.
    var answer: (status: Int, content: Answer)
    /// Other statuses that it may have, besides those that all have.
    var problems: [Int] = []
    /// What everybody may ask it by, if the config has that open.
    var opening: AdminOpening?
    /// Other media types in which what is asked for is to be had as text.
    var otherTypes: [String] = []
    /// Whether answers have an ETag.
    var hasTag = false
    /// Whether If-Match is heeded.
    var heedsMatch = false
    var isDeprecated = false

    /// Whether it changes anything.
    var changes: Bool { method != "GET" }

    /// The path in pieces.
    var segments: [Substring] { path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) }

    /// The names of the parameters in the path.
    var pathParameters: [String] {
        segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// What a parameter in the path is.
    static func shape(ofPathParameter name: String) -> JSONShape {
        name == "state" ? .choice(AdminAPI.states.keys.sorted()) : .text(1...512)
    }
}

/// A request that an operation is for.
struct APICall: Sendable {
    let operation: APIOperation
    /// What stands in the path and in the query, by name.
    let values: [String: String]
    let request: AdminRequest
    /// The content, if it is JSON and there is any.
    var json: JSONText?

    /// A parameter of the path.
    func path(_ name: String) -> String { values[name] ?? "" }
    /// A parameter of the query that is a whole number.
    func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
    func boolean(_ name: String) -> Bool { values[name] == "true" }
}
