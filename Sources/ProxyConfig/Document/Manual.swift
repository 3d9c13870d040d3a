// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

/// The texts of the manual: of each section by the name of its type, of each key as `TYPE.KEY`.
enum Manual {
    static let texts: [String: String] = [
        "ACMEConfiguration": #"""
        Certificates from an authority that speaks ACME. Martlet asks for one certificate for all `domains`, proves that they
        lead here, and renews it when two thirds of its time are over, or when the authority says so. Starting never waits for
        the authority: until the first certificate is there, one that Martlet has made itself is shown.
        """#,
        "ACMEConfiguration.accountBinding": #"""
        The account with the authority that the ACME account belongs to (external account binding), where it wants one.
        """#,
        "ACMEConfiguration.ca": #"""
        The path of a PEM file with the roots by which the authority's own server is verified. Without it the system's are
        used.
        """#,
        "ACMEConfiguration.challenge": #"""
        How it is proven that the names lead here. `http-01`: the authority asks by plain HTTP on port 80 of each name, so
        a listener for plain HTTP has to be reached there (see `httpsOnly`). `tls-alpn-01`: it asks by TLS on port 443, so
        this listener has to be reached there. `dns-01`: `hook` sets a record in DNS.
        """#,
        "ACMEConfiguration.directory": #"""
        Where the authority's directory is. The default is Let's Encrypt; for tests it has
        `https://acme-staging-v02.api.letsencrypt.org/directory`.
        """#,
        "ACMEConfiguration.domains": #"""
        The names that the certificate is for. `"*.example.com"` needs `challenge: dns-01`.
        """#,
        "ACMEConfiguration.email": #"""
        An address that the authority may write to.
        """#,
        "ACMEConfiguration.hook": #"""
        With `challenge: dns-01`: the command that sets records, and its first arguments. It is called with `present` or
        `cleanup`, the name of the record (`_acme-challenge.example.com`) and its text as further arguments, and ends with 0
        when the record is there, or gone.
        """#,
        "ACMEConfiguration.keyType": #"""
        The kind of key that certificates have.
        """#,
        "ACMEConfiguration.reuseKey": #"""
        Whether a renewed certificate has the same key as the one before it. Then pins that clients have of it stay valid.
        """#,
        "ACMEConfiguration.storage": #"""
        The folder for the account's key, the certificates and their keys. It is made if it is not there, for its owner
        alone. Keep it: authorities give only so many certificates a week.
        """#,
        "ACMEConfiguration.wait": #"""
        Whether clients are turned away until the first certificate is there, rather than shown one that Martlet has made
        itself.
        """#,
        "AccessLogConfiguration": #"""
        How requests are recorded. Lines are written in the background; no request ever waits for the log.
        """#,
        "AccessLogConfiguration.file": #"""
        Where lines go: `stdout`, or the path of a file, which is appended to and opened anew at SIGUSR1.
        """#,
        "AccessLogConfiguration.format": #"""
        How a line looks: `json` is one object per line, `combined` is the format of Apache and nginx.
        """#,
        "AccessLogConfiguration.queue": #"""
        How many bytes may wait to be written. Lines beyond are dropped and counted.
        """#,
        "AccountBindingConfiguration": #"""
        The account with the authority that an ACME account belongs to (RFC 8555 section 7.3.4). The authority tells both
        values.
        """#,
        "AccountBindingConfiguration.id": #"""
        The key identifier (`kid`).
        """#,
        "AccountBindingConfiguration.key": #"""
        The HMAC key, in Base64 for URLs. It is a secret.
        """#,
        "AdminConfiguration": #"""
        The listener for operators, with `/healthz` and `/metrics`. Keep it away from clients.
        """#,
        "AdminConfiguration.address": #"""
        The address, written as that of a listener.
        """#,
        "AgentConfiguration": #"""
        A connection to an agent on each server's host, which says in a line of text how much the server wants to do
        (HAProxy's agent check): `75%` is that share of its weight, `maxconn:30` the most requests at a time, `up`, `down`,
        `fail` and `stopped` are its health, `drain`, `maint` and `ready` its state. What an agent does not say stays as it
        was, and one that does not answer changes nothing.
        """#,
        "AgentConfiguration.interval": #"""
        The time from one question to the next.
        """#,
        "AgentConfiguration.port": #"""
        The port of the agent, on the host of each server.
        """#,
        "AgentConfiguration.send": #"""
        What is sent to the agent before it answers. A line end has to be written, as in `"status\n"`.
        """#,
        "AgentConfiguration.timeout": #"""
        How long an answer may take, connecting included.
        """#,
        "BreakerConfiguration": #"""
        The most that all servers of an upstream together are asked for, over all event loops. What is beyond waits in
        `queue`.
        """#,
        "BreakerConfiguration.connections": #"""
        The most connections to servers, idle ones included. `off` for any number.
        """#,
        "BreakerConfiguration.requests": #"""
        The most requests that are going on. `off` for any number.
        """#,
        "BreakerConfiguration.retries": #"""
        The most retries that are going on. Beyond it a request that has failed is not tried again. `off` for any
        number.
        """#,
        "CertificateConfiguration": #"""
        A certificate and its key.
        """#,
        "CertificateConfiguration.certificate": #"""
        The path of a PEM file with the certificate and those of the authorities between it and the root, in this order.
        """#,
        "CertificateConfiguration.key": #"""
        The path of a PEM file with the private key: RSA, ECDSA (P-256, P-384) or Ed25519, without a passphrase. Without
        it the key is in the same file as the certificate.
        """#,
        "CertificateConfiguration.ocsp": #"""
        Where the authority's word comes from that the certificate is not revoked, which is sent along with it (OCSP
        stapling): `off`, `fetch` to ask the authority again and again, or the path of a file with a response in DER
        form. Many authorities, Let's Encrypt among them, have no such service any more.
        """#,
        "CheckConfiguration": #"""
        A request, or a connection, that is made to each server again and again to know whether it is well. One process
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
        Further header fields, such as `{ X-Probe: martlet }`.
        """#,
        "CheckConfiguration.host": #"""
        The `Host` of the request. Without it the server's own address is sent.
        """#,
        "CheckConfiguration.interval": #"""
        The time from the beginning of one check of a server to that of the next. A check that takes longer delays the
        next one.
        """#,
        "CheckConfiguration.jitter": #"""
        How much longer or shorter an interval may be, at random, so that servers are not all asked at once.
        """#,
        "CheckConfiguration.kind": #"""
        What is tried: `http` sends a request and looks at the answer, `tcp` is content with a connection.
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
        "CheckConfiguration.statuses": #"""
        The status of a server that is well, or a range of them.
        """#,
        "CheckConfiguration.timeout": #"""
        How long a check may take, connecting included. Beyond it, it has failed.
        """#,
        "ClientCertificatesConfiguration": #"""
        Certificates that clients show (mutual TLS). What is in them is told to servers in the fields `X-Client-Verified`,
        `X-Client-Subject`, `X-Client-Names` and `X-Client-Fingerprint`; what clients themselves send in these fields is
        dropped, here and on every other listener.
        """#,
        "ClientCertificatesConfiguration.ca": #"""
        The path of a PEM file with the certificates of those who issue them.
        """#,
        "ClientCertificatesConfiguration.crl": #"""
        The path of a file with lists of revoked certificates: CRLs in PEM form one after the other, or one in DER form.
        A certificate whose issuer has no list in it is refused.
        """#,
        "ClientCertificatesConfiguration.forwardCertificate": #"""
        Whether servers get the certificate itself too, in the field `Client-Cert` (RFC 9440).
        """#,
        "ClientCertificatesConfiguration.mode": #"""
        `require`: who has none is turned away. `request`: who has none is served too, without those fields. A
        certificate that is not valid is refused with either.
        """#,
        "ClientCertificatesConfiguration.names": #"""
        The names that are let in; a certificate must have one of them: a DNS name, an email address or the subject's
        common name as it is, `"*.example.com"` for any DNS name below it, or a SPIFFE id such as
        `spiffe://example.com/web`, which may end with `/*`. Without names, every certificate of `ca` will do.
        """#,
        "Configuration": #"""
        The keys of the file. Only `listeners` must be there; everything else has a default. A key that is not in this
        list is an error, as is one in the wrong place.
        """#,
        "Configuration.accessLog": #"""
        The record of the requests served. `off` for none.
        """#,
        "Configuration.admin": #"""
        The listener for operators. `off` for none.
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
        "Configuration.rates": #"""
        How slow a peer may be.
        """#,
        "Configuration.routes": #"""
        Which requests go where. The order does not matter: the most exact host wins, then the longest path. A request
        that no route matches is answered with 404.
        """#,
        "Configuration.timeouts": #"""
        How long anything may take.
        """#,
        "Configuration.trustedProxies": #"""
        The networks whose word is taken: from a client in one of them, `X-Forwarded-*`, `Forwarded` and
        `X-Request-ID` are kept and added to. From everybody else they are dropped and written anew, because anybody
        can claim anything in them.
        """#,
        "Configuration.upstreams": #"""
        The groups of servers that requests are spread over, by name. A name has letters, digits, `-`, `_` and `.`.
        """#,
        "Configuration.workers": #"""
        How many event loops serve, each on a thread of its own. `auto` is one per core.
        """#,
        "EjectionConfiguration": #"""
        When a server is left alone for what requests have met there, whatever checks say. After its time one request is let
        through: if it is answered the server is back, if not it is left alone for twice as long. The only server of an
        upstream is never left alone.
        """#,
        "EjectionConfiguration.connectionFailures": #"""
        How many requests in a row may be refused a connection, be reset, or wait in vain. `off` for any number.
        """#,
        "EjectionConfiguration.failureRate": #"""
        The share of requests, over `window`, that may fail in either way. `off` for any share.
        """#,
        "EjectionConfiguration.longestTime": #"""
        The longest time that a server is left alone.
        """#,
        "EjectionConfiguration.maxEjected": #"""
        The largest share of the upstream's servers that may be left alone at a time. Of two servers or more it is at
        least one.
        """#,
        "EjectionConfiguration.minimumRequests": #"""
        How many requests `failureRate` needs within `window` before it counts.
        """#,
        "EjectionConfiguration.serverErrors": #"""
        How many requests in a row may be answered with a status from 500 to 599. `off` for any number.
        """#,
        "EjectionConfiguration.time": #"""
        How long a server is left alone for the first time. Each further time doubles it.
        """#,
        "EjectionConfiguration.window": #"""
        The time over which `failureRate` is measured.
        """#,
        "HSTSConfiguration": #"""
        What browsers are told in `Strict-Transport-Security` (RFC 6797).
        """#,
        "HSTSConfiguration.includeSubdomains": #"""
        Whether that holds for all names below the host too.
        """#,
        "HSTSConfiguration.maxAge": #"""
        For how long they come by `https` alone, from the last answer on. `0s` makes them forget it.
        """#,
        "HSTSConfiguration.preload": #"""
        Whether browsers may have it built in (hstspreload.org). That wants `includeSubdomains` and a year at least, and is
        hard to undo.
        """#,
        "HashConfiguration": #"""
        How requests find their server with `balance: hash`. Requests with the same key go to the same server; when a
        server leaves or joins, few keys but its own move (Maglev hashing). The short form is the key alone, as in `hash:
        cookie id`.
        """#,
        "HashConfiguration.bound": #"""
        How much of the average load a server takes before its keys spill over to another one: at `125%`, and eight
        requests on average at each server, no more than ten at one. Two at a time are never too many. `off` for no bound,
        so that a popular key can overload its server.
        """#,
        "HashConfiguration.key": #"""
        What the key of a request is: `client-address`, `path` (without the query), `header NAME`, `cookie NAME`, or
        `query NAME` for a parameter of the query. A request that has no such header, cookie or parameter goes by its
        client's address.
        """#,
        "HedgeConfiguration": #"""
        When an idempotent request is sent to a second server because the first is slow; the first response wins. Hedges
        count as retries: the budget of `retry` holds for them too.
        """#,
        "HedgeConfiguration.leastTime": #"""
        The least time before the second server is asked.
        """#,
        "HedgeConfiguration.longestTime": #"""
        The longest time before the second server is asked.
        """#,
        "HedgeConfiguration.percentile": #"""
        How slow is slow, as a percentile of the upstream's recent response times: with 99, about one request in a
        hundred is sent twice.
        """#,
        "LimitsConfiguration": #"""
        How much one client, one request, or all of them together may take. What goes beyond is answered with the status
        named.
        """#,
        "LimitsConfiguration.bufferMemory": #"""
        The most memory for buffers, of all event loops together. When it is used up, new connections are answered
        with 503 and reading waits.
        """#,
        "LimitsConfiguration.connections": #"""
        The most connections of clients at a time, over all listeners. Beyond it: 503, and the connection is closed.
        """#,
        "LimitsConfiguration.connectionsPerClient": #"""
        The most connections from one client address at a time. Beyond it: 503, and the connection is closed. `off`
        for any number.
        """#,
        "LimitsConfiguration.handshakeRatePerClient": #"""
        How many TLS handshakes one client address may begin in a second. Beyond it connections are closed. `off` for any
        number.
        """#,
        "LimitsConfiguration.handshakes": #"""
        The most TLS handshakes of clients that are going on at a time, over all listeners. Beyond it connections are
        closed.
        """#,
        "LimitsConfiguration.handshakesPerClient": #"""
        The same with one client address.
        """#,
        "LimitsConfiguration.replayFiles": #"""
        The most space for files that hold requests which may have to be sent again (`retry.bodyFile`), of all requests
        together. They lie, without a name, in the folder that `TMPDIR` names, else in `/var/tmp` or `/tmp`. Requests
        beyond it are passed on but not kept.
        """#,
        "LimitsConfiguration.requestBody": #"""
        The largest content of a request. Beyond it: 413. `off` for any size.
        """#,
        "LimitsConfiguration.requestFields": #"""
        The most field lines of a request. Beyond it: 431.
        """#,
        "LimitsConfiguration.requestHead": #"""
        The largest request head: request line and fields together. Beyond it: 431.
        """#,
        "LimitsConfiguration.requestsPerConnection": #"""
        How many requests a client may make on one connection before it is closed. `off` for any number.
        """#,
        "LimitsConfiguration.responseFields": #"""
        The most field lines of a response. A server that sends more is answered for with 502.
        """#,
        "LimitsConfiguration.responseHead": #"""
        The largest response head. A server that sends more is answered for with 502.
        """#,
        "LimitsConfiguration.uri": #"""
        The longest request target: path and query. Beyond it: 414.
        """#,
        "ListenerConfiguration": #"""
        An address clients connect to.
        """#,
        "ListenerConfiguration.address": #"""
        The address: `:8080` (all addresses of both families), `127.0.0.1:8080`, `[::1]:8080`, or
        `unix:/run/martlet.sock`. With port 0 the kernel picks one.
        """#,
        "ListenerConfiguration.mode": #"""
        What is spoken here: `http`, or `tcp` for connections that are passed on as they are, to `upstream`, without
        looking into them. Routes are for `http` alone.
        """#,
        "ListenerConfiguration.name": #"""
        What the listener is called in logs and metrics. Without a name it is called by its address.
        """#,
        "ListenerConfiguration.proxyProtocol": #"""
        The networks of load balancers in front that say with the PROXY protocol (version 1 or 2) who the client is.
        A connection from one of them must begin with such a header, and the header is believed. Everybody else's
        connections are served as they are.
        """#,
        "ListenerConfiguration.serverNames": #"""
        With `mode: tcp`: upstreams by the name that clients ask for in TLS (SNI). The connection is passed on without
        being decrypted: the servers have the certificates. The most exact name wins. Connections that ask for another
        name, or for none, go to `upstream`, and are closed if there is no `upstream`.
        """#,
        "ListenerConfiguration.tls": #"""
        TLS for the clients. `off` for none.
        """#,
        "ListenerConfiguration.upstream": #"""
        With `mode: tcp`: the upstream that gets the connections, one of `upstreams`.
        """#,
        "ListenerTLSConfiguration": #"""
        TLS for the clients of a listener. It needs certificates from files (`certificates`), from a certificate authority
        (`acme`), or both; everything else has good defaults. Each client gets the certificate for the name that it asks for,
        and the first one if it asks for another name or for none. Files that change are loaded anew while Martlet runs, and
        no connection is touched; if a new file is bad, the old one stays in force and the log says why.
        """#,
        "ListenerTLSConfiguration.acme": #"""
        Certificates from an authority that speaks ACME, such as Let's Encrypt. They are got and renewed by themselves.
        """#,
        "ListenerTLSConfiguration.certificates": #"""
        The certificates with their keys, in PEM files. The short form of one is the path of a file that has the chain
        and the key. Several for the same name are fine, such as one with an RSA and one with an ECDSA key.
        """#,
        "ListenerTLSConfiguration.ciphers": #"""
        The cipher suites for TLS 1.2, the best first, by their names in OpenSSL or at IANA. Without them: those with
        ECDHE and an AEAD cipher. Those of TLS 1.3 are all good, and are not set.
        """#,
        "ListenerTLSConfiguration.clientCertificates": #"""
        Certificates that clients show. `off`: they are not asked for any.
        """#,
        "ListenerTLSConfiguration.groups": #"""
        The groups for key exchange, the best first. Without them: `X25519MLKEM768` (which withstands quantum computers),
        `X25519`, `P-256`, `P-384`.
        """#,
        "ListenerTLSConfiguration.hsts": #"""
        Whether browsers are told to come by `https` from now on (`Strict-Transport-Security`, HSTS): a section, `{}` for
        one with the defaults, or `off`. Without the key it is on if `httpsOnly` is set, else off. A browser does not
        forget: turn it off only after `maxAge: 0s` has been served for as long as the old `maxAge` was.
        """#,
        "ListenerTLSConfiguration.httpsOnly": #"""
        An address, such as `":80"`, that is opened for plain HTTP too. All that is done there is to send every request to
        the same place by `https` (308), and to answer the authority's questions (`acme`).
        """#,
        "ListenerTLSConfiguration.maxVersion": #"""
        The newest version of TLS that is spoken.
        """#,
        "ListenerTLSConfiguration.minVersion": #"""
        The oldest version of TLS that is spoken.
        """#,
        "ListenerTLSConfiguration.tickets": #"""
        Tickets with which a client comes back without a full handshake. `off` for none.
        """#,
        "LogConfiguration": #"""
        How the proxy tells what happens to itself, on the standard error output.
        """#,
        "LogConfiguration.level": #"""
        The least important messages that are written.
        """#,
        "PoolConfiguration": #"""
        How connections to servers are kept. The limits hold for each server and each event loop.
        """#,
        "PoolConfiguration.idleTimeout": #"""
        How long an idle connection is kept. Set it below the time after which the servers close theirs.
        """#,
        "PoolConfiguration.maxIdle": #"""
        How many idle connections are kept. 0 makes a new connection for every request.
        """#,
        "PoolConfiguration.maxRequests": #"""
        How many requests a connection serves before it is closed. `off` for any number.
        """#,
        "QueueConfiguration": #"""
        How requests wait when no server can take them. They go on in the order of their routes' `priority`, and among the
        same in the order in which they came. One whose client leaves, leaves the queue.
        """#,
        "QueueConfiguration.noServerTimeout": #"""
        How long a request waits while there is no server that it could be sent to, or none that can be reached: a restart
        of all servers that takes less disturbs nobody. Beyond it: 503 with `Retry-After`. With `0s` it is answered at
        once: 503, or 502 when the servers could not be reached.
        """#,
        "QueueConfiguration.saturatedTimeout": #"""
        How long a request waits while every server has as many requests as `maxInFlight` allows, or a limit of `breaker`
        is reached. Beyond it: 503 with `Retry-After`.
        """#,
        "QueueConfiguration.size": #"""
        How many requests may wait at a time, over all event loops. Beyond it: 503 with `Retry-After`. 0 lets none wait.
        """#,
        "RatesConfiguration": #"""
        How slow a peer may be, in bytes per second. Whoever stays below for longer than the grace is dropped.
        """#,
        "RatesConfiguration.grace": #"""
        How long a rate may be too low before it counts.
        """#,
        "RatesConfiguration.request": #"""
        The least a client must send of a request's content, per second. Below it: 408, and the connection is closed.
        `off` for any rate.
        """#,
        "RatesConfiguration.response": #"""
        The least a client must take of a response, per second. Below it the connection is closed. `off` for any rate.
        """#,
        "RetryConfiguration": #"""
        When a request that has failed is sent again: to a server that has not failed it, if there is one, and only as long
        as nothing of a response has gone to the client. What a server may have begun to carry out is sent again only if
        `methods` lets it, what has content only if the content has been kept.
        """#,
        "RetryConfiguration.attempts": #"""
        How many times a request is tried in all, the first included. After that the client gets what the last try came
        to, or an answer of our own: 502 or 504. If no server could be reached, the request waits in `queue` first. 1
        for no retry.
        """#,
        "RetryConfiguration.bodyFile": #"""
        How much of a request's content beyond `bodyMemory` is kept in a temporary file. `off` for nothing.
        """#,
        "RetryConfiguration.bodyMemory": #"""
        How much of a request's content is kept in memory until its response has begun. A request that is larger is
        not sent again unless `bodyFile` has room for it.
        """#,
        "RetryConfiguration.budget": #"""
        The most retries in percent of requests, so that retries do not multiply an outage. Beyond it a request that has
        failed is not tried again. A connection that could not be made is not counted, as it loads no server.
        """#,
        "RetryConfiguration.budgetFloor": #"""
        How many retries a second are allowed whatever the budget says.
        """#,
        "RetryConfiguration.longestPause": #"""
        The longest pause.
        """#,
        "RetryConfiguration.methods": #"""
        Which requests are sent again that a server may have begun to carry out: `idempotent` ones (GET, HEAD, PUT,
        DELETE, OPTIONS, TRACE), or `all`, which may do the same thing twice. A request that no server has seen, as
        no connection could be made, is always tried again.
        """#,
        "RetryConfiguration.pause": #"""
        The pause before a request goes to a server that has failed it already, as there is no other. It doubles each
        time, and is up to a half shorter at random. Another server is tried at once.
        """#,
        "RetryConfiguration.statuses": #"""
        The statuses after which another server is tried, single ones and ranges. The last try's answer goes to the
        client whatever it is. `[]` for none.
        """#,
        "RetryConfiguration.tryTimeout": #"""
        How long one try may take from the request sent to the first byte of a response. Beyond it another server is
        tried. `off` for as long as `responseTimeout`, which holds for all tries together.
        """#,
        "RouteConfiguration": #"""
        A rule that sends requests to an upstream.
        """#,
        "RouteConfiguration.host": #"""
        The hosts it is for, one or a list: `example.com`, or `"*.example.com"` for every name below it (in quotes,
        because YAML gives the bare star a meaning of its own). Without it the route is for every host.
        """#,
        "RouteConfiguration.path": #"""
        The paths it is for: `/a` is that path alone, `/api/*` is `/api` and everything below it, and a `*` between
        two slashes stands for any one segment, as in `/users/*/photo`.
        """#,
        "RouteConfiguration.priority": #"""
        Whose turn it is first when requests wait for a server of the upstream: those of `high` before those of `normal`
        before those of `low`.
        """#,
        "RouteConfiguration.upstream": #"""
        The upstream that gets the requests, one of `upstreams`.
        """#,
        "ServerConfiguration": #"""
        A server. The short form is its address alone.
        """#,
        "ServerConfiguration.address": #"""
        The address: `127.0.0.1:9001`, `[::1]:9001`, `app.internal:9001` (all addresses of the name are used), or
        `unix:/run/app.sock`.
        """#,
        "ServerConfiguration.backup": #"""
        Whether it is kept for when the others are down: it gets requests only while none of them can serve, or fewer
        than `panicThreshold` says.
        """#,
        "ServerConfiguration.maxConnections": #"""
        The most connections at a time, idle ones included, over all event loops. `off` for any number.
        """#,
        "ServerConfiguration.maxInFlight": #"""
        The most requests at a time, over all event loops. When every server is at its limit, requests wait in `queue`.
        `off` for any number.
        """#,
        "ServerConfiguration.state": #"""
        What it starts as: `up`, `draining` (no new requests, but still checked), or `maintenance` (not checked
        either).
        """#,
        "ServerConfiguration.weight": #"""
        Its share of the requests: a server of weight 3 gets three times as many as one of weight 1.
        """#,
        "ServerNameConfiguration": #"""
        Names that clients ask for in TLS, and where they lead.
        """#,
        "ServerNameConfiguration.host": #"""
        The names, one or a list: `example.com`, or `"*.example.com"` for every name below it.
        """#,
        "ServerNameConfiguration.upstream": #"""
        The upstream that gets the connections, one of `upstreams`.
        """#,
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
        "TicketsConfiguration": #"""
        Tickets with which a client comes back without a full handshake (session resumption).
        """#,
        "TicketsConfiguration.keys": #"""
        Files with the keys, so that tickets of one proxy are good at another one; without files Martlet makes keys of its
        own. Each has 48 or 80 random bytes, as for nginx (`openssl rand 80 > FILE`). The first makes tickets, all are taken.
        Change them every day or so: whoever gets such a key can read what was sent in connections that used it.
        """#,
        "TicketsConfiguration.rotate": #"""
        How long a key makes tickets before the next one takes its place. Tickets made with the two keys before it are still
        taken.
        """#,
        "TimeoutsConfiguration": #"""
        How long anything may take. Times towards servers are set for each upstream.
        """#,
        "TimeoutsConfiguration.drain": #"""
        How long running exchanges may go on after the signal to stop (SIGTERM or SIGINT). Then they are cut.
        """#,
        "TimeoutsConfiguration.exchange": #"""
        How long an exchange may take as a whole, from the first byte of the request to the last of the response.
        Beyond it: 504, or a cut connection when the response had begun. `off` for any time.
        """#,
        "TimeoutsConfiguration.handshake": #"""
        How long the TLS handshake of a client may take. Beyond it the connection is closed.
        """#,
        "TimeoutsConfiguration.idle": #"""
        How long a connection of a client may wait for its next request. Then it is closed.
        """#,
        "TimeoutsConfiguration.linger": #"""
        How long a connection that is being closed is still read from, so that the last answer reaches a client that
        is still sending. `0s` closes at once.
        """#,
        "TimeoutsConfiguration.requestHead": #"""
        How long a client may take to send a request head, from its first byte. Beyond it: 408, and the connection is
        closed.
        """#,
        "TimeoutsConfiguration.tunnelIdle": #"""
        How long a connection with `mode: tcp` may be without a byte in either direction. Then it is closed.
        """#,
        "UpstreamConfiguration": #"""
        A group of servers that requests are spread over.
        """#,
        "UpstreamConfiguration.agent": #"""
        Agents on the servers' hosts that say how much the servers want to do. `off` for none.
        """#,
        "UpstreamConfiguration.balance": #"""
        How the server of a request is chosen.

        `least-busy` compares servers, eight at most, and takes the one that will answer soonest, judged by its
        recent response times, its failures and its requests going on; it finds slow servers by itself.
        `least-request` takes the one with the fewest requests going on. `round-robin` takes them in turn, `random`
        at random. `first` fills one server up to its `maxInFlight` before the next one gets any. `hash` sends the
        same key to the same server.

        All but `first` keep to the servers' weights.
        """#,
        "UpstreamConfiguration.breaker": #"""
        Limits for all servers of the upstream together.
        """#,
        "UpstreamConfiguration.check": #"""
        Checks of the servers. `off` for none, so that only `ejection` notices failures; `{}` asks for `/` with the
        defaults. The short form is the path to ask for: `/healthz`.
        """#,
        "UpstreamConfiguration.connectTimeout": #"""
        How long connecting to a server may take before the next one is tried.
        """#,
        "UpstreamConfiguration.drainTimeout": #"""
        How long the requests of a server may go on that is being drained. Then they are cut. `off` for any time.
        """#,
        "UpstreamConfiguration.ejection": #"""
        When a server is left alone for the failures that requests have met there. `off` for never.
        """#,
        "UpstreamConfiguration.hash": #"""
        The key of `balance: hash`, which by default is the client's address. The short form is the key alone: `cookie
        id`.
        """#,
        "UpstreamConfiguration.hedge": #"""
        When a request is sent to a second server because the first is slow. `off` for never.
        """#,
        "UpstreamConfiguration.panicThreshold": #"""
        When a smaller share than this of the servers is well (backups aside), backups serve too, and if none of them is
        well, all servers do, ill or not: the fault may be that of the checks. With `0%` that happens only when none is
        well. Servers that are draining or in maintenance do not count, and never serve.
        """#,
        "UpstreamConfiguration.pool": #"""
        The connections to servers that are kept for later requests.
        """#,
        "UpstreamConfiguration.proxyProtocol": #"""
        The version of the PROXY protocol with which servers are told, at the start of each connection, who the client
        is. With it a connection serves one client alone, and is not kept for others. `off` for none.
        """#,
        "UpstreamConfiguration.queue": #"""
        How requests wait when no server can take them.
        """#,
        "UpstreamConfiguration.resolveInterval": #"""
        How long the addresses of a host name are used before it is looked up again.
        """#,
        "UpstreamConfiguration.responseTimeout": #"""
        How long a request may wait for the first byte of its response, from the end of the request on, and over all
        tries. After that it is answered with 504.
        """#,
        "UpstreamConfiguration.retry": #"""
        When a request that has failed is sent again. `off` for never.
        """#,
        "UpstreamConfiguration.servers": #"""
        The servers, each with an address of its own.
        """#,
        "UpstreamConfiguration.slowStart": #"""
        How long the share of a server grows that has been down or is new, so that cold caches are not overrun: from a
        twentieth to the whole, in equal steps. `0s` gives it the whole at once.
        """#,
        "UpstreamConfiguration.stallTimeout": #"""
        How long a server may pause within its response while the client takes what comes. After that the response is
        cut. Raise it, or turn it `off`, for servers that send events now and then.
        """#,
        "UpstreamConfiguration.sticky": #"""
        A cookie that leads clients back to their server, whatever `balance` says. `off` for none; `{}` for one with the
        defaults.
        """#,
        "UpstreamConfiguration.tls": #"""
        TLS to the servers. `off` for none; `{}` for the defaults, which verify them.
        """#,
        "UpstreamTLSConfiguration": #"""
        TLS to the servers of an upstream. `{}` is all it takes: a server must show a certificate for the host in its address, from
        an authority that the system trusts.
        """#,
        "UpstreamTLSConfiguration.alpn": #"""
        The protocols that are offered to servers (ALPN), the best first.
        """#,
        "UpstreamTLSConfiguration.ca": #"""
        The path of a PEM file with the authorities whose certificates are trusted, instead of the system's.
        """#,
        "UpstreamTLSConfiguration.certificate": #"""
        The path of a PEM file with the certificate that servers are shown if they ask for one, and those of the authorities
        between it and the root.
        """#,
        "UpstreamTLSConfiguration.ciphers": #"""
        The cipher suites for TLS 1.2, the best first, as for listeners.
        """#,
        "UpstreamTLSConfiguration.groups": #"""
        The groups for key exchange, the best first, as for listeners.
        """#,
        "UpstreamTLSConfiguration.insecure": #"""
        Whether servers need not prove who they are. Whoever gets between Martlet and a server can then read and change
        everything; use `ca` or `pins` instead where that is possible.
        """#,
        "UpstreamTLSConfiguration.key": #"""
        The path of a PEM file with the key of `certificate`. Without it the key is in the same file.
        """#,
        "UpstreamTLSConfiguration.maxVersion": #"""
        The newest version of TLS that is spoken.
        """#,
        "UpstreamTLSConfiguration.minVersion": #"""
        The oldest version of TLS that is spoken.
        """#,
        "UpstreamTLSConfiguration.pinReportOnly": #"""
        Whether a key that is not pinned is only reported, in the log and as a metric, while requests are sent all the same.
        For trying out pins.
        """#,
        "UpstreamTLSConfiguration.pinning": #"""
        Whether `pins` hold `besides-chain`, so that a server needs both a good chain and a pinned key, or `instead-of-chain`,
        where a pinned key is all that it needs, as with certificates that servers have made themselves.
        """#,
        "UpstreamTLSConfiguration.pins": #"""
        The only keys that servers may have (pins): the SHA-256 of a public key, as in `sha256/BASE64=`. `martlet pin HOST:PORT`
        says which a server has. One certificate of the chain that was verified must have such a key; if none has, the request
        is not sent, and answered with 502. Name a second key that you keep in reserve: if the only pinned one is lost, nobody
        gets through.
        """#,
        "UpstreamTLSConfiguration.serverName": #"""
        The name that servers are asked for (SNI) and must have a certificate for. Without it that is the host of the server's
        address; servers in a Unix socket are asked for `localhost`.
        """#,
        "UpstreamTLSConfiguration.sessionReuse": #"""
        Whether a server is come back to without a full handshake.
        """#,
    ]
}
