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
    /// The rules, lists and folders of both configs are the same, and so are the parts that they were compiled with.
    package var keepsGuards = false

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
    /// Whether what stands between routes and servers, and what it is read from, is the same.
    func hasSameGuards(as other: Configuration) -> Bool {
        access == other.access && auth == other.auth && maintenance == other.maintenance
            && upstreamMaintenances == other.upstreamMaintenances && routes == other.routes
    }

    /// Whether routes do the same, as far as it does not depend on what has been read from files.
    func hasSameRoutes(as other: Configuration) -> Bool {
        hideOrigin == other.hideOrigin && secureHeaders == other.secureHeaders && cors == other.cors
            && compression == other.compression && limits == other.limits && timeouts == other.timeouts
            && rates == other.rates && upstreamHidings == other.upstreamHidings
            && Set(upstreams.map(\.name)).isSuperset(of: routes.lazy.flatMap(\.upstreams))
    }

    private var upstreamMaintenances: [String: MaintenanceConfiguration] {
        var all: [String: MaintenanceConfiguration] = [:]
        for upstream in upstreams { all[upstream.name] = upstream.maintenance }
        return all
    }

    private var upstreamHidings: [String: HideOriginConfiguration?] {
        var all: [String: HideOriginConfiguration?] = [:]
        for upstream in upstreams { if let hiding = upstream.hideOrigin { all[upstream.name] = hiding } }
        return all
    }
}
