// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let stickyConfiguration: [String: String] = [
        "StickyConfiguration": #"""
        A cookie that leads a client back to the server that answered it first. Its value names no address, and nobody can
        make one without the secret. When the server is down, draining or gone, another one is chosen, and the client gets
        its cookie.
        """#,
        "StickyConfiguration.cookie": #"""
        The name of the cookie. Give each upstream on the same host one of its own.
        """#,
        "StickyConfiguration.domain": #"""
        The domain to all of whose hosts the client sends it. Without one it is sent to the host that set it alone.
        """#,
        "StickyConfiguration.httpOnly": #"""
        Whether scripts in the page cannot read it.
        """#,
        "StickyConfiguration.path": #"""
        The paths for which the client sends it: this one and all below.
        """#,
        "StickyConfiguration.sameSite": #"""
        Whether it is sent with requests that other sites cause: `lax` when the user follows a link, `strict` never,
        `none` always, for which browsers want `secure: true`.
        """#,
        "StickyConfiguration.secret": #"""
        What the values are made with: a random text, the same in every proxy that serves the same clients. Without
        one, each start makes a new one, and clients lose their server.
        """#,
        "StickyConfiguration.secure": #"""
        Whether the client sends it over TLS only. Set it wherever clients come by `https`, here or at a proxy in front.
        """#,
        "StickyConfiguration.ttl": #"""
        How long a client keeps the cookie: `session` is until the browser is closed. With a duration the cookie is
        renewed only when the server changes.
        """#,
    ]
}
