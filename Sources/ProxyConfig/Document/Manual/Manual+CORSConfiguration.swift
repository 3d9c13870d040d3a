// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let corsConfiguration: [String: String] = [
        "CORSConfiguration": #"""
        Which pages of other sites may ask by script, and see what is answered (CORS). Martlet answers browsers' questions about it
        (preflights) by itself, and servers' `Access-Control-*` fields do not pass.
        """#,
        "CORSConfiguration.credentials": #"""
        Whether scripts may ask in the name of whoever sits at the browser: with cookies, passwords and certificates. Not
        with `origins: ["*"]`.
        """#,
        "CORSConfiguration.exposeHeaders": #"""
        The fields of responses that scripts may see, besides those that they always may (`Cache-Control`, `Content-Language`,
        `Content-Length`, `Content-Type`, `Expires`, `Last-Modified`, `Pragma`). `["*"]` for all.
        """#,
        "CORSConfiguration.headers": #"""
        The header fields that scripts may set, besides those that they always may (`Accept`, `Accept-Language`,
        `Content-Language`, and `Content-Type` for forms and plain text). `["*"]` for all.
        """#,
        "CORSConfiguration.maxAge": #"""
        For how long browsers may remember the answer to a preflight. Some remember it for no more than two hours.
        """#,
        "CORSConfiguration.methods": #"""
        The methods that pages may use. GET, HEAD and POST are always allowed by browsers. `["*"]` for all.
        """#,
        "CORSConfiguration.origins": #"""
        The sites, by their origins: `https://app.example.com`, with a port if it is not the usual one; `"https://*.example.com"`
        for all names below; `"null"` for pages that have no origin, such as files and sandboxed frames; `"*"` for every page
        there is. At most 200.
        """#,
        "CORSConfiguration.privateNetwork": #"""
        Whether pages of the public Internet may ask, where the listener is in a private network
        (`Access-Control-Allow-Private-Network`).
        """#,
    ]
}
