// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let checkConfiguration: [String: String] = [
        "CheckConfiguration": #"""
        A request, a call, or a connection, that is made to each server again and again to know whether it is well. One process
        makes each check once, however many event loops it has, and never two at a time to the same server. The short form
        is a path, as in `check: /healthz`. Servers that are in maintenance are not checked.
        """#,
        "CheckConfiguration.before": #"""
        What a server is taken for until its first check is over: `up`, so that it gets requests at once, or `down`.
        The first check decides alone, whatever `rise` and `fall` say.
        """#,
        "CheckConfiguration.contains": #"""
        What the content must have in it, byte for byte, within its first 64 KiB.
        """#,
        "CheckConfiguration.downInterval": #"""
        The same while the server is down, or while checks begin to fail.
        """#,
        "CheckConfiguration.fall": #"""
        How many checks in a row must fail before a server that is up is down.
        """#,
        "CheckConfiguration.fields": #"""
        Further header fields, such as `{ X-Probe: martlet }`. With `kind: grpc`, the call's metadata.
        """#,
        "CheckConfiguration.host": #"""
        The `Host` of the request. Without it the server's own address is sent. With `kind: grpc`, the authority.
        """#,
        "CheckConfiguration.interval": #"""
        The time from the beginning of one check of a server to that of the next. A check that takes longer delays the
        next one.
        """#,
        "CheckConfiguration.jitter": #"""
        How much longer or shorter an interval may be, at random, so that servers are not all asked at once.
        """#,
        "CheckConfiguration.kind": #"""
        What is tried: `http` sends a request and looks at the answer, `tcp` is content with a connection, `grpc` calls
        `grpc.health.v1.Health/Check`, which must answer `SERVING`. The call is made by HTTP/2, in clear or by TLS as
        `upstreams.NAME.tls` says, whatever `protocol` is.
        """#,
        "CheckConfiguration.method": #"""
        The method of the request. `HEAD` spares the server the content.
        """#,
        "CheckConfiguration.path": #"""
        The path of the request, with its query if need be.
        """#,
        "CheckConfiguration.port": #"""
        The port that is checked. Without it that of the server.
        """#,
        "CheckConfiguration.prefix": #"""
        What the content must begin with, byte for byte.
        """#,
        "CheckConfiguration.rise": #"""
        How many checks in a row must pass before a server that is down is up.
        """#,
        "CheckConfiguration.service": #"""
        With `kind: grpc`, the service whose health is asked for, by its full name, such as `shop.v1.Carts`. Without it that
        of the whole server.
        """#,
        "CheckConfiguration.statuses": #"""
        The status of a server that is well, or a range of them.
        """#,
        "CheckConfiguration.timeout": #"""
        How long a check may take, connecting included. Beyond it, it has failed.
        """#,
    ]
}
