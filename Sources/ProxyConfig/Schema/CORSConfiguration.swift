// Which pages of other sites may ask, and see the answers.

/// Which pages of other sites may ask by script, and see what is answered (CORS). Martlet answers browsers' questions about it
/// (preflights) by itself, and servers' `Access-Control-*` fields do not pass.
package struct CORSConfiguration: Sendable, Equatable {
    /// The sites, by their origins: `https://app.example.com`, with a port if it is not the usual one; `"https://*.example.com"`
    /// for all names below; `"null"` for pages that have no origin, such as files and sandboxed frames; `"*"` for every page
    /// there is. At most 200.
    package var origins: [String]

    /// The methods that pages may use. GET, HEAD and POST are always allowed by browsers. `["*"]` for all.
    package var methods: [String] = ["GET", "HEAD", "POST"]

    /// The header fields that scripts may set, besides those that they always may (`Accept`, `Accept-Language`,
    /// `Content-Language`, and `Content-Type` for forms and plain text). `["*"]` for all.
    package var headers: [String] = []

    /// The fields of responses that scripts may see, besides those that they always may (`Cache-Control`, `Content-Language`,
    /// `Content-Length`, `Content-Type`, `Expires`, `Last-Modified`, `Pragma`). `["*"]` for all.
    package var exposeHeaders: [String] = []

    /// Whether scripts may ask in the name of whoever sits at the browser: with cookies, passwords and certificates. Not
    /// with `origins: ["*"]`.
    package var credentials: Bool = false

    /// For how long browsers may remember the answer to a preflight. Some remember it for no more than two hours.
    package var maxAge: Duration = .minutes(10)

    /// Whether pages of the public Internet may ask, where the listener is in a private network
    /// (`Access-Control-Allow-Private-Network`).
    package var privateNetwork: Bool = false

    /// Pages of these origins may ask for what forms may.
    package init(origins: [String]) {
        self.origins = origins
    }
}

extension CORSConfiguration: Section {
    static let noun = "cors"
    static var blank: CORSConfiguration { CORSConfiguration(origins: []) }

    static var keys: [Key<CORSConfiguration>] {
        [
            Key("origins", \.origins, .oneOrMore(of: .origin), required: true),
            Key("methods", \.methods, .list(of: .anyOr(.method))),
            Key("headers", \.headers, .list(of: .anyOr(.editedField))),
            Key("exposeHeaders", \.exposeHeaders, .list(of: .anyOr(.editedField))),
            Key("credentials", \.credentials, .boolean),
            Key("maxAge", \.maxAge, .duration(.zero ... .hours(24))),
            Key("privateNetwork", \.privateNetwork, .boolean),
        ]
    }
}

extension Configuration {
    /// What is allowed to pages of other sites on a route; `nil` if its servers say it.
    package func cors(of route: RouteConfiguration) -> CORSConfiguration? { route.cors ?? cors }
}
