// Which places upstreams and servers of a config have in its model (decision 0020).
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig

/// What was compiled before, and is to be changed as little as possible.
package struct CompiledBefore: Sendable {
    package let configuration: Configuration
    package let model: Model
    /// Places of what is not in that config any more, which something refers to all the same.
    package let inUse: SlotUse
    /// Routes do the same, and the parts of what stands before them are the same ones.
    package var keepsRoutes = false

    package init(_ configuration: Configuration, _ model: Model, inUse: SlotUse) {
        self.configuration = configuration
        self.model = model
        self.inUse = inUse
    }
}

/// The places of a config's upstreams and servers.
struct Placement {
    let slots: SlotTable
    /// Of upstreams, by their names.
    let upstreams: [String: Int]
    /// Of servers, by their upstreams' names, in the order of the config.
    let servers: [String: [Int]]

    init(_ configuration: Configuration, after before: CompiledBefore?) {
        var slots = before?.model.slots ?? SlotTable()
        slots.begin(inUse: before?.inUse ?? SlotUse())
        var upstreams: [String: Int] = [:]
        var servers: [String: [Int]] = [:]
        // Those that stay first: what is new gets the places that are left.
        for upstream in configuration.upstreams { upstreams[upstream.name] = slots.upstreams.claim(upstream.name) }
        for upstream in configuration.upstreams {
            servers[upstream.name] = upstream.identities.map { slots.servers.claim($0) }
        }
        self.slots = slots
        self.upstreams = upstreams
        self.servers = servers
    }
}

extension UpstreamConfiguration {
    /// Who its servers are, in order.
    var identities: [ServerIdentity] {
        var numbers: [String: Int] = [:]
        return servers.map { server in
            let address = server.address.description
            let number = numbers[address, default: 0]
            numbers[address] = number + 1
            return ServerIdentity(upstream: name, address: address, number: number)
        }
    }
}

extension Configuration {
    /// Whether routes, and what stands between them and servers, are the same: all but what is known to be of no concern to them.
    func hasSameRoutes(as other: Configuration) -> Bool {
        let names = Set(upstreams.map(\.name))
        return routesAlone == other.routesAlone
            && routes.entries.allSatisfy { entry in
                entry.isPlain
                    ? names.contains(entry.route.upstream) : names.isSuperset(of: entry.route.upstreams)
            }
    }

    private var routesAlone: Configuration {
        var rest = self
        rest.workers = nil
        rest.engine = .auto
        rest.trustedProxies = []
        rest.clientAddressField = nil
        rest.listeners = []
        rest.accessLog = nil
        rest.log = LogConfiguration()
        rest.slowRequests = nil
        rest.tracing = nil
        rest.metrics = MetricsConfiguration()
        rest.admin = nil
        rest.resolvers = ResolversConfiguration()
        rest.upstreams = upstreams.compactMap { upstream in
            if upstream.maintenance == nil && upstream.hideOrigin == nil { return nil }
            var part = UpstreamConfiguration(name: upstream.name, servers: [])
            (part.maintenance, part.hideOrigin) = (upstream.maintenance, upstream.hideOrigin)
            return part
        }
        return rest
    }
}
