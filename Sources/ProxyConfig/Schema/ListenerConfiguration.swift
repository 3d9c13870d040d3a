// Where clients connect.
import MartletHTTPCore

/// An address clients connect to.
package struct ListenerConfiguration: Sendable, Equatable {
    /// The address: `:8080` (all addresses of both families), `127.0.0.1:8080`, `[::1]:8080`, or
    /// `unix:/run/martlet.sock`. With port 0 the kernel picks one.
    package var address: ListenAddress

    /// What the listener is called in logs and metrics. Without a name it is called by its address.
    package var name: String?

    /// What is spoken here: `http`, or `tcp` for connections that are passed on as they are, to `upstream`, without
    /// looking into them. Routes are for `http` alone.
    package var mode: ListenerMode = .http

    /// The networks of load balancers in front that say with the PROXY protocol (version 1 or 2) who the client is.
    /// A connection from one of them must begin with such a header, and the header is believed. Everybody else's
    /// connections are served as they are.
    package var proxyProtocol: [Network] = []

    /// With `mode: tcp`: the upstream that gets the connections, one of `upstreams`.
    package var upstream: String?

    /// With `mode: tcp`: upstreams by the name that clients ask for in TLS (SNI). The connection is passed on without
    /// being decrypted: the servers have the certificates. The most exact name wins. Connections that ask for another
    /// name, or for none, go to `upstream`, and are closed if there is no `upstream`.
    package var serverNames: [ServerNameConfiguration] = []

    /// TLS for the clients. `off` for none.
    package var tls: ListenerTLSConfiguration?

    /// HTTP/2 for the clients, besides HTTP/1.1: `on`, `off`, or a section. With TLS clients choose (ALPN); without it a client
    /// that begins with HTTP/2 is understood (prior knowledge).
    package var http2: HTTP2Configuration? = HTTP2Configuration()

    /// A listener on `address`.
    package init(address: ListenAddress, name: String? = nil) {
        self.address = address
        self.name = name
    }

    /// The name, or else the address.
    package var label: String { name ?? address.description }
}

/// What is spoken on a listener.
package enum ListenerMode: String, Sendable, CaseIterable {
    /// HTTP.
    case http
    /// Anything; it is not looked at.
    case tcp
}

/// Names that clients ask for in TLS, and where they lead.
package struct ServerNameConfiguration: Sendable, Equatable {
    /// The names, one or a list: `example.com`, or `"*.example.com"` for every name below it.
    package var host: [String]

    /// The upstream that gets the connections, one of `upstreams`.
    package var upstream: String

    /// Connections for `host` go to `upstream`.
    package init(host: [String], upstream: String) {
        self.host = host
        self.upstream = upstream
    }
}

extension ListenerConfiguration: Section {
    static let noun = "a listener"
    static var blank: ListenerConfiguration { ListenerConfiguration(address: .tcp(nil, port: 0)) }

    static var keys: [Key<ListenerConfiguration>] {
        [
            Key("address", \.address, .listenAddress, required: true),
            Key("name", \.name, .optional(.name)),
            Key("mode", \.mode, .choice()),
            Key("proxyProtocol", \.proxyProtocol, .list(of: .network)),
            Key("upstream", \.upstream, .optional(.upstreamName)),
            Key("serverNames", \.serverNames, .list(of: .section())),
            Key("tls", \.tls, .word("off", or: .section())),
            Key("http2", \.http2, .onOrOff(otherWords: HTTP2Configuration.otherWords)),
        ]
    }
}

extension ServerNameConfiguration: Section {
    static let noun = "a server name"
    static var blank: ServerNameConfiguration { ServerNameConfiguration(host: [], upstream: "") }

    static var keys: [Key<ServerNameConfiguration>] {
        [
            Key("host", \.host, .oneOrMore(of: .domain), required: true),
            Key("upstream", \.upstream, .upstreamName, required: true),
        ]
    }
}
