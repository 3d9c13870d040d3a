// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let configuration: [String: String] = [
        "Configuration": #"""
        The keys of the file. Only `listeners` must be there; everything else has a default. A key that is not in this
        list is an error, as is one in the wrong place.
        """#,
        "Configuration.access": #"""
        Who is let in, on all routes: rules, of which the first that is for a request decides. A request that no rule is for is
        let in. Routes may have more rules of their own, which are asked afterwards.
        """#,
        "Configuration.accessLog": #"""
        The record of the requests served. `off` for none.
        """#,
        "Configuration.admin": #"""
        The listener for operators. `off` for none. Without this section it is on a Unix socket.
        """#,
        "Configuration.auth": #"""
        How clients prove who they are, on all routes that say nothing else. `off` asks nobody.
        """#,
        "Configuration.challenge": #"""
        What clients have to do that meet a rule with `action: challenge`.
        """#,
        "Configuration.clientAddressField": #"""
        The field in which `trustedProxies` say whom a request is from, such as `X-Forwarded-For`, `Forwarded` or `X-Real-IP`: the last
        address in it that is not of a trusted proxy is the client's, for access rules, routes, `hash`, logs and all else. `off`
        takes whoever has connected for the client.
        """#,
        "Configuration.compression": #"""
        How responses are compressed, on all routes that say nothing else. `on` is with the defaults below, `off` not at all.
        """#,
        "Configuration.cors": #"""
        Which pages of other sites may ask, on all routes that say nothing else and where there is no route. `off` leaves that to
        the servers.
        """#,
        "Configuration.engine": #"""
        What the event loops stand on: `io_uring`, `epoll`, or what `auto` finds: `io_uring` where it works.
        """#,
        "Configuration.group": #"""
        The group that it is in, instead of the account's own. The account's other groups are added.
        """#,
        "Configuration.hideOrigin": #"""
        What responses do not show of the servers, for upstreams and routes that say nothing of it. `off` for nothing. Whoever
        says something says all of it: the keys of two places are not put together.
        """#,
        "Configuration.include": #"""
        More files that belong to the config, one or a list: paths, or patterns such as `sites/*.yaml`, relative to the file that
        names them. They may have all keys that this one may have, this key among them. Lists go on in the order of the files, a
        pattern's sorted by name; sections and `upstreams` are put together; nothing may be set in two files. A pattern that no file
        matches makes a warning.
        """#,
        "Configuration.limits": #"""
        How much one client, one request, or all of them together may take.
        """#,
        "Configuration.listeners": #"""
        Where clients connect.
        """#,
        "Configuration.log": #"""
        The log of the proxy itself, which goes to the standard error output.
        """#,
        "Configuration.maintenance": #"""
        A time in which nobody is served, or only some are: clients get a page instead. Routes that say `maintenance: off` are not
        part of it.
        """#,
        "Configuration.metrics": #"""
        What is counted by name.
        """#,
        "Configuration.rates": #"""
        How slow a peer may be.
        """#,
        "Configuration.resolvers": #"""
        Who is asked about the names of `discover`.
        """#,
        "Configuration.routes": #"""
        Which requests go where. The order does not matter: the most exact host wins, then the longest path. A request
        that no route matches is answered with 404.
        """#,
        "Configuration.secureHeaders": #"""
        What browsers are told to be careful about, on all routes that say nothing else and where there is no route. `off` for
        nothing; the short form is the level alone.
        """#,
        "Configuration.slowRequests": #"""
        Requests that take long: told of in the log, with the time that each step took. `off` for none.
        """#,
        "Configuration.timeouts": #"""
        How long anything may take.
        """#,
        "Configuration.tracing": #"""
        Traces: servers are told which trace a request belongs to, and spans are exported. `off` for none: what clients say of traces
        passes as it is then.
        """#,
        "Configuration.trustedProxies": #"""
        The networks whose word is taken: from a client in one of them, `X-Forwarded-*`, `Forwarded` and
        `X-Request-ID` are kept and added to, and `clientAddressField` says whom a request is from. From everybody else they are
        dropped and written anew, because anybody can claim anything in them.
        """#,
        "Configuration.upstreams": #"""
        The groups of servers that requests are spread over, by name. A name has letters, digits, `-`, `_` and `.`.
        """#,
        "Configuration.user": #"""
        The account that a process which is started as root becomes once its listeners, logs and certificates are open. It keeps
        the right to listen on ports below 1024, and no other. What is read anew later, such as certificates, must be readable for
        this account.
        """#,
        "Configuration.workers": #"""
        How many event loops serve, each on a thread of its own. `auto` is one per core.
        """#,
    ]
}
