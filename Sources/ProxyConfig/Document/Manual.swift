// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

/// The texts of the manual: of each section by the name of its type, of each key as `TYPE.KEY`.
enum Manual {
    static let texts: [String: String] = [
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
        "AdminConfiguration": #"""
        The listener for operators, with `/healthz` and `/metrics`. Keep it away from clients.
        """#,
        "AdminConfiguration.address": #"""
        The address, written as that of a listener.
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
        "ListenerConfiguration.name": #"""
        What the listener is called in logs and metrics. Without a name it is called by its address.
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
        "UpstreamConfiguration": #"""
        A group of servers that requests are spread over.
        """#,
        "UpstreamConfiguration.connectAttempts": #"""
        How many servers, or addresses of one, are tried for a request when no connection can be made. After that the
        request is answered with 502.
        """#,
        "UpstreamConfiguration.connectTimeout": #"""
        How long connecting to a server may take before the next one is tried.
        """#,
        "UpstreamConfiguration.pool": #"""
        The connections to servers that are kept for later requests.
        """#,
        "UpstreamConfiguration.resolveInterval": #"""
        How long the addresses of a host name are used before it is looked up again.
        """#,
        "UpstreamConfiguration.responseTimeout": #"""
        How long a server may take from the end of the request to the first byte of its response. After that the
        request is answered with 504.
        """#,
        "UpstreamConfiguration.servers": #"""
        The servers, each with an address of its own.
        """#,
        "UpstreamConfiguration.stallTimeout": #"""
        How long a server may pause within its response while the client takes what comes. After that the response is
        cut. Raise it, or turn it `off`, for servers that send events now and then.
        """#,
    ]
}
