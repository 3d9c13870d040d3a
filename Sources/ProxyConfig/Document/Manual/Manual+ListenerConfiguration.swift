// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let listenerConfiguration: [String: String] = [
        "ListenerConfiguration": #"""
        An address clients connect to.
        """#,
        "ListenerConfiguration.address": #"""
        The address: `:8080` (all addresses of both families), `127.0.0.1:8080`, `[::1]:8080`, or
        `unix:/run/martlet.sock`. With port 0 the kernel picks one.
        """#,
        "ListenerConfiguration.http2": #"""
        HTTP/2 for the clients, besides HTTP/1.1: `on`, `off`, or a section. With TLS clients choose (ALPN); without it a client
        that begins with HTTP/2 is understood (prior knowledge).
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
    ]
}
