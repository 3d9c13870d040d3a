// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let hideOriginConfiguration: [String: String] = [
        "HideOriginConfiguration": #"""
        What responses of servers do not show: what they are, and where they stand.
        """#,
        "HideOriginConfiguration.fields": #"""
        The fields that are left out.
        """#,
        "HideOriginConfiguration.leaks": #"""
        What becomes of responses that have the address or the internal name of a server of their upstream in a field all the same.
        `count` counts them (`martlet_origin_leaks_total`), `log` names the field in the access log as well (`leak`), and `block`
        answers with 502 instead. `off` does not look.
        """#,
        "HideOriginConfiguration.references": #"""
        Whether references of servers become such as clients can use: in `Location`, `Content-Location`, `Refresh` and `Link`, a URL
        of a server's own address is shortened to its path, and paths get back the prefix that `rewrite` has taken away; in
        `Set-Cookie`, a `Domain` that is a server's own is dropped, and a `Path` gets the prefix.
        """#,
        "HideOriginConfiguration.replaceErrors": #"""
        The statuses for which clients get a page of Martlet's own in the place of what the server says, single ones and ranges:
        `[500-599]`.
        """#,
    ]
}
