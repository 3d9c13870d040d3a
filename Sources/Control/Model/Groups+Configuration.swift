// Upstreams with their servers, at the places that they have.
import MartletBalancing
import MartletProxy
import MartletProxyConfig

extension ModelCompiler {
    /// All upstreams and servers. Those that are as they were are taken from the model before.
    static func groups(
        _ configuration: Configuration, _ placement: Placement, _ secret: StickySecret, _ secure: SecureParts,
        after before: CompiledBefore?
    ) -> UpstreamSet {
        let generation = before.map { $0.model.generation + 1 } ?? 0
        var known: [String: UpstreamConfiguration] = [:]
        for upstream in before?.configuration.upstreams ?? [] { known[upstream.name] = upstream }
        var (upstreams, servers) = retire(placement.slots, generation, after: before?.model)
        for upstream in configuration.upstreams {
            let place = placement.upstreams[upstream.name] ?? 0
            let places = placement.servers[upstream.name] ?? []
            let security = secure.upstreams[upstream.name]
            if known[upstream.name] == upstream && upstreams[place].servers == places
                && !upstreams[place].isRetired && upstreams[place].tls?.context === security?.context
            {
                continue
            }
            var model = UpstreamModel(
                name: upstream.name, servers: places, settings: UpstreamSettings(upstream),
                health: UpstreamHealthSettings(upstream, servers: places),
                affinity: Affinity(upstream, secret: secret))
            if let tls = upstream.tls {
                // Without, its servers would be sent everything in clear.
                guard let security else { preconditionFailure("TLS without its parts") }
                model.tls = UpstreamTLS(tls, security)
            }
            model.revision = generation
            upstreams[place] = model
            for (server, place) in zip(upstream.servers, places) { servers[place] = ServerModel(server) }
        }
        return UpstreamSet(upstreams, servers, slots: placement.slots, after: before?.model)
    }

    /// What there was before, those out of the config that are not in it any more.
    private static func retire(
        _ slots: SlotTable, _ generation: Int, after model: Model?
    ) -> (upstreams: [UpstreamModel], servers: [ServerModel]) {
        let (oldUpstreams, oldServers) = (model?.upstreams ?? [], model?.servers ?? [])
        let upstreams = (0..<slots.upstreams.count).map { place in
            guard place < oldUpstreams.count, slots.upstreams.names[place] == oldUpstreams[place].name else {
                return UpstreamModel.vacant
            }
            let old = oldUpstreams[place]
            return slots.upstreams.isCurrent(place) || old.isRetired ? old : old.retired(revision: generation)
        }
        let servers = (0..<slots.servers.count).map { place in
            let isKnown = place < oldServers.count && slots.servers.names[place]?.address == oldServers[place].name
            return isKnown ? oldServers[place] : ServerModel.vacant
        }
        return (upstreams, servers)
    }
}
