// Cookies that lead a client back to its server.

/// A cookie that leads a client back to the server that answered it first. Its value names no address, and nobody can
/// make one without the secret. When the server is down, draining or gone, another one is chosen, and the client gets
/// its cookie.
package struct StickyConfiguration: Sendable, Equatable {
    /// The name of the cookie. Give each upstream on the same host one of its own.
    package var cookie: String = "martlet"

    /// What the values are made with: a random text, the same in every proxy that serves the same clients. Without
    /// one, each start makes a new one, and clients lose their server.
    package var secret: String?

    /// How long a client keeps the cookie: `session` is until the browser is closed. With a duration the cookie is
    /// renewed only when the server changes.
    package var ttl: Duration?

    /// The paths for which the client sends it: this one and all below.
    package var path: String = "/"

    /// The domain to all of whose hosts the client sends it. Without one it is sent to the host that set it alone.
    package var domain: String?

    /// Whether the client sends it over TLS only. Set it wherever clients come by `https`, here or at a proxy in front.
    package var secure: Bool = false

    /// Whether scripts in the page cannot read it.
    package var httpOnly: Bool = true

    /// Whether it is sent with requests that other sites cause: `lax` when the user follows a link, `strict` never,
    /// `none` always, for which browsers want `secure: true`.
    package var sameSite: SameSite = .lax

    /// The defaults.
    package init() {}
}

/// With which requests from other sites a cookie is sent.
package enum SameSite: String, Sendable, CaseIterable {
    /// With those that open a page.
    case lax
    /// With none.
    case strict
    /// With all.
    case none
}

extension StickyConfiguration: Section {
    static let noun = "sticky"
    static var blank: StickyConfiguration { StickyConfiguration() }

    static var keys: [Key<StickyConfiguration>] {
        [
            Key("cookie", \.cookie, .cookieName),
            Key("secret", \.secret, .optional(.secret)),
            // Browsers keep no cookie for longer than 400 days.
            Key("ttl", \.ttl, .word("session", or: .duration(.seconds(1) ... .hours(9600)))),
            Key("path", \.path, .cookiePath),
            Key("domain", \.domain, .optional(.cookieDomain)),
            Key("secure", \.secure, .boolean),
            Key("httpOnly", \.httpOnly, .boolean),
            Key("sameSite", \.sameSite, .choice()),
        ]
    }
}
