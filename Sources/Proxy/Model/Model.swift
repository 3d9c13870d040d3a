// What the configuration means: validated, immutable, compiled. Loops share it and never change it (decision D6).
import MartletEventLoop
import MartletHTTPCore
import MartletRouting

/// A compiled configuration.
package final class Model: Sendable {
    /// Where clients come in, in the order of the listeners' tags.
    package let listeners: [ListenerModel]
    /// From host and path to an index of `upstreams`.
    package let routes: RouteTable
    package let upstreams: [UpstreamModel]
    /// The servers of all upstreams, one after the other.
    package let servers: [ServerModel]
    /// Peers whose forwarding fields are believed.
    package let trustedProxies: NetworkSet
    package let settings: ProxySettings

    package init(
        listeners: [ListenerModel], routes: RouteTable, groups: UpstreamSet, trustedProxies: NetworkSet,
        settings: ProxySettings
    ) {
        self.listeners = listeners
        self.routes = routes
        upstreams = groups.upstreams
        servers = groups.servers
        self.trustedProxies = trustedProxies
        self.settings = settings
    }
}

/// A place where clients come in.
package struct ListenerModel: Sendable {
    /// How it is called in logs and metrics.
    package let name: String
    package let address: SocketAddress
    /// The admin listener: requests are answered by Martlet itself.
    package let isAdmin: Bool

    package init(name: String, address: SocketAddress, isAdmin: Bool = false) {
        self.name = name
        self.address = address
        self.isAdmin = isAdmin
    }
}

/// All upstreams with all their servers.
package struct UpstreamSet: Sendable {
    package private(set) var upstreams: [UpstreamModel] = []
    package private(set) var servers: [ServerModel] = []

    package init() {}

    /// Puts an upstream behind the others.
    package mutating func append(_ name: String, _ servers: [ServerModel], settings: UpstreamSettings) {
        let first = self.servers.count
        self.servers += servers
        upstreams.append(UpstreamModel(name: name, servers: first..<self.servers.count, settings: settings))
    }
}

/// A group of servers that are alike.
package struct UpstreamModel: Sendable {
    package let name: String
    /// Its servers' places in `Model.servers`.
    package let servers: Range<Int>
    package let settings: UpstreamSettings

    package init(name: String, servers: Range<Int>, settings: UpstreamSettings) {
        self.name = name
        self.servers = servers
        self.settings = settings
    }
}

/// One address of an upstream.
package struct ServerModel: Sendable {
    /// As the user wrote it: "127.0.0.1:9001", "app.internal:80", "unix:/run/app.sock".
    package let name: String
    /// Where to connect. Empty for a host name: its addresses come by message when they are resolved.
    package let addresses: [SocketAddress]

    package init(name: String, addresses: [SocketAddress]) {
        self.name = name
        self.addresses = addresses
    }
}
