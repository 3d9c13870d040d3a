// What ties a request to a server.

/// What ties a request to a server, if anything does.
package struct Affinity: Sendable {
    package var key: KeySource?
    package var sticky: StickyModel?

    package init() {}
}

/// What a request's key is made from, for `hash`.
package enum KeySource: Sendable, Equatable {
    case clientAddress
    /// A field's value. The name is in lower case.
    case field(String)
    case cookie(String)
    case path
    /// A parameter of the query.
    case query(String)
}

/// Cookies that lead a client back to its server.
package struct StickyModel: Sendable {
    /// The cookie's name.
    package let cookie: String
    /// What stands behind the value in Set-Cookie: "; Path=/; HttpOnly".
    package let attributes: String
    /// For each server of the upstream, in order, a value that tells nothing to those who do not know the secret, and
    /// that they cannot make.
    package let values: [String]

    package init(cookie: String, attributes: String, values: [String]) {
        self.cookie = cookie
        self.attributes = attributes
        self.values = values
    }
}
