// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let routeConfiguration: [String: String] = [
        "RouteConfiguration": #"""
        A rule that sends requests to an upstream. It is for those that have all that it asks for; [routing.md](routing.md) says which
        route is taken when several are for a request.
        """#,
        "RouteConfiguration.access": #"""
        Who is let in, behind the rules for all routes: more rules, of which the first that is for a request decides.
        """#,
        "RouteConfiguration.all": #"""
        Conditions that must all hold.
        """#,
        "RouteConfiguration.any": #"""
        Conditions of which at least one must hold, beside all of the above.
        """#,
        "RouteConfiguration.auth": #"""
        How clients prove who they are, in place of what `auth` at the top says. `off` asks nobody.
        """#,
        "RouteConfiguration.bufferRequest": #"""
        Whether requests are read as a whole before a server is chosen. `on` is with the defaults.
        """#,
        "RouteConfiguration.certificate": #"""
        Parts of the certificate by which a client has proved who it is (`clientCertificates` of the listener's `tls`), each with its
        value, or a test of it: `subject` as RFC 4514 writes it, `dns` and `uri` for one of the alternative names, and `fingerprint`, the
        SHA-256 in small hexadecimal digits. A client without a certificate has no part.
        """#,
        "RouteConfiguration.clients": #"""
        The networks that its clients are in, one or a list. What counts is the address of the connection, or the one that the
        PROXY protocol says.
        """#,
        "RouteConfiguration.compression": #"""
        How responses are compressed, in place of what `compression` at the top says, all of it: the keys of two places are not put
        together. `on` is with the defaults, `off` not at all.
        """#,
        "RouteConfiguration.cookies": #"""
        Cookies that a request must have, by their names: each with its value, or a test of it.
        """#,
        "RouteConfiguration.cors": #"""
        Which pages of other sites may ask, in place of what the top level says. `off` leaves that to the servers.
        """#,
        "RouteConfiguration.encodedSlashes": #"""
        What becomes of paths with an encoded slash or backslash, `%2F` or `%5C`: `refuse` answers with 400, because some servers
        take them for slashes and others do not; `keep` passes them on as they are, for servers that do not.
        """#,
        "RouteConfiguration.files": #"""
        The files that are served, instead of an upstream. The short form is their folder alone.
        """#,
        "RouteConfiguration.grpcWeb": #"""
        Whether calls of gRPC-Web, which browsers can make, become calls of gRPC: a `POST` whose content is
        `application/grpc-web` or `application/grpc-web-text`. Other requests pass as they are. The upstream's servers must
        be spoken to by HTTP/2 (`protocol`).
        """#,
        "RouteConfiguration.headers": #"""
        Header fields that a request must have, by their names: each with its value, or a test of it. Where a field has several
        lines, one of them has to do.
        """#,
        "RouteConfiguration.hideOrigin": #"""
        What responses do not show of the servers. `off` for nothing. Without it, what the upstream says counts, or else what
        the top level says.
        """#,
        "RouteConfiguration.host": #"""
        The hosts it is for, one or a list: `example.com`, or `"*.example.com"` for every name below it (in quotes,
        because YAML gives the bare star a meaning of its own). Without it the route is for every host.
        """#,
        "RouteConfiguration.limits": #"""
        How much a request may take.
        """#,
        "RouteConfiguration.maintenance": #"""
        A time in which its requests are answered with a page, besides what `maintenance` at the top says. `off` for none, whatever
        the top and the upstream say.
        """#,
        "RouteConfiguration.methods": #"""
        The methods it is for, one or a list. Without it the route is for all; `GET` alone is not for `HEAD`.
        """#,
        "RouteConfiguration.mirror": #"""
        A second upstream that gets a copy of the requests, or of a share of them, and whose answers are dropped. The short form
        is the upstream's name alone.
        """#,
        "RouteConfiguration.name": #"""
        What it is called in logs and metrics: letters, digits, `-`, `_` and `.`. Without it that is what it is for, such as
        `example.com/api/*`. Several routes may have the same name: they are counted as one.
        """#,
        "RouteConfiguration.not": #"""
        Conditions of which none may hold, one or a list.
        """#,
        "RouteConfiguration.path": #"""
        The paths it is for: `/a` is that path alone, `/api/*` is `/api` and everything below it, and a `*` between
        two slashes stands for any one segment, as in `/users/*/photo`; so does a name in braces, as in `/users/{id}/*`.
        Case matters. `%` with two digits is the character that it stands for.
        """#,
        "RouteConfiguration.priority": #"""
        Whose turn it is first when requests wait for a server of the upstream: those of `high` before those of `normal`
        before those of `low`.
        """#,
        "RouteConfiguration.query": #"""
        Parameters that the query must have, by their names: each with its value, or a test of it. Both are compared decoded.
        """#,
        "RouteConfiguration.rates": #"""
        How slow a client may be.
        """#,
        "RouteConfiguration.redirect": #"""
        Where clients are sent instead of an upstream. The short form is the address alone.
        """#,
        "RouteConfiguration.regex": #"""
        The paths it is for as a regular expression in the syntax of RE2, in place of `path`. It may match anywhere in the path
        unless it says `^` or `$`, as in `^/v[0-9]+/.*\.json$`, and takes linear time whatever a client sends. At most 1 KiB.
        """#,
        "RouteConfiguration.requestFields": #"""
        What becomes of the fields of requests on their way to servers.
        """#,
        "RouteConfiguration.respond": #"""
        What Martlet answers by itself, instead of an upstream.
        """#,
        "RouteConfiguration.responseBody": #"""
        What is changed in the content of servers' responses.
        """#,
        "RouteConfiguration.responseFields": #"""
        What becomes of the fields of responses, those of Martlet itself included.
        """#,
        "RouteConfiguration.rewrite": #"""
        With which target and host servers get the requests.
        """#,
        "RouteConfiguration.scheme": #"""
        Whether it is for requests that have come over TLS, `https`, or without, `http`. Without it the route is for both.
        """#,
        "RouteConfiguration.secureHeaders": #"""
        What browsers are told to be careful about, in place of what the top level says. `off` for nothing.
        """#,
        "RouteConfiguration.split": #"""
        Several upstreams that get the requests, each its share: to try a new version with a few clients.
        """#,
        "RouteConfiguration.timeouts": #"""
        How long anything may take.
        """#,
        "RouteConfiguration.tracing": #"""
        Which of its new traces are recorded, in place of what `tracing` at the top says. `off` leaves its requests out of traces:
        what clients say of them passes as it is.
        """#,
        "RouteConfiguration.upgrades": #"""
        The protocols that requests may switch to by HTTP/1.1's `Upgrade`, as a list: `websocket`, which is the same by HTTP/2's
        extended CONNECT, or others by the names that clients ask for, such as `tcp` or `spdy/3.1`. From then on bytes pass
        both ways as they are, for up to `timeouts.tunnelIdle` of silence. A request for any other protocol is passed on
        without asking for it. `off` for none.
        """#,
        "RouteConfiguration.upstream": #"""
        The upstream that gets the requests, one of `upstreams`. A route has this, `split`, `redirect`, `respond` or
        `files`.
        """#,
    ]
}
