// Upstreams and servers of another model.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// Servers by their places: those that stay have what is known of their addresses and links.
    mutating func adoptServers(_ old: Model) {
        for (place, server) in model.servers.enumerated() {
            if place == serverStates.count {
                serverStates.append(ServerState(server, inFlightLimit: .max))
            } else if place < old.servers.count && old.hasSameServer(place, as: model) {
                serverStates[place].adopt(server)
            } else {
                serverStates[place] = ServerState(server, inFlightLimit: .max)
            }
        }
    }

    /// Upstreams by their places. Those that are as they were are not touched.
    mutating func adoptUpstreams(_ old: Model, on loop: inout EventLoop) {
        waiting.grow(lists: model.upstreams.count * Priority.allCases.count)
        let loops = max(neighbours.count, 1)
        for (place, upstream) in model.upstreams.enumerated() {
            let before = place < old.upstreams.count ? old.upstreams[place] : nil
            if let before, before.name == upstream.name && before.revision == upstream.revision { continue }
            let fresh = UpstreamState(upstream, loop: number, of: loops)
            if place == upstreamStates.count {
                upstreamStates.append(fresh)
                enlist(place, fresh.servers)
            } else if let before, before.name == upstream.name {
                change(place, from: before, to: upstream, of: loops, on: &loop)
            } else {
                upstreamStates[place] = fresh
                enlist(place, fresh.servers)
            }
        }
        limitedUpstreams = model.upstreams.indices.filter { model.limitsConnections($0) }
        learnOrigins()
    }

    /// An upstream is another one under the same name.
    private mutating func change(
        _ place: Int, from before: UpstreamModel, to upstream: UpstreamModel, of loops: Int, on loop: inout EventLoop
    ) {
        let old = upstreamStates[place]
        let new = UpstreamState(upstream, after: old, loop: number, of: loops)
        recount(place, from: old.settings.breaker.requests, to: new.settings.breaker.requests)
        upstreamStates[place] = new
        enlist(place, old.servers.filter { !new.servers.contains($0) } + new.servers)
        if !before.isSpokenTo(as: upstream) {
            for server in new.servers {
                serverStates[server].retireConnections()
                serverStates[server].speaksHTTP2 = upstream.mayBeSpokenToInHTTP2
                serverStates[server].refusesConnect = false
                closeAllIdle(server, .poolServerGone, on: &loop)
            }
        }
        for server in old.servers where !new.servers.contains(server) {
            closeAllIdle(server, .poolServerGone, on: &loop)
        }
        for server in new.servers where !old.servers.contains(server) {
            serverStates[server].speaksHTTP2 = upstream.mayBeSpokenToInHTTP2
        }
        if upstream.isRetired { failWaiting(place, on: &loop) }
        if new.members > 0 { upstreamStates[place].outage.end() }
    }

    /// Says of servers whether they may be chosen, by what the upstream's roster has.
    private mutating func enlist(_ place: Int, _ servers: [Int]) {
        for server in servers { serverStates[server].isMember = false }
        for member in upstreamStates[place].chooser.roster.members {
            serverStates[Int(member.server)].isMember = true
            serverStates[Int(member.server)].inFlightLimit = member.limit == .max ? .max : Int(member.limit)
        }
        if place >= model.upstreams.count { return }
        for facts in model.upstreams[place].health.servers where !serverStates[facts.server].isMember {
            serverStates[facts.server].inFlightLimit = facts.inFlightLimit == .max ? .max : Int(facts.inFlightLimit)
        }
    }

    /// Exchanges are counted only where they have a limit: those that are at servers now come among the counted, or leave them.
    private mutating func recount(_ upstream: Int, from old: Int, to new: Int) {
        if (old == .max) == (new == .max) { return }
        for index in 0..<servers.places {
            guard let token = servers.token(at: index), Int(servers[token.index].upstream) == upstream,
                servers[token.index].exchange != .max
            else { continue }
            if old == .max {
                _ = upstreamLoads.take(.requests, upstream, limit: .max)
            } else {
                upstreamLoads.giveBack(.requests, upstream)
            }
        }
    }

    /// Where servers stand whose names have been resolved must not be shown either.
    private mutating func learnOrigins() {
        origins = model.origins
        for upstream in model.upstreams.indices {
            let named = upstreamStates[upstream].servers.first { !isWritten($0) && !serverStates[$0].addresses.isEmpty }
            if let named { learnOrigin(named) }
        }
    }

    private func isWritten(_ server: Int) -> Bool { !model.servers[server].addresses.isEmpty }

    /// Whether what was known of an upstream is of the one that the loop has: what is said of another one comes too late.
    func isCurrent(_ upstream: Int, _ revision: Int) -> Bool {
        upstream < model.upstreams.count && model.upstreams[upstream].revision == revision
    }
}

extension Model {
    /// Whether the place is the same server's in another model.
    func hasSameServer(_ place: Int, as other: Model) -> Bool {
        let (own, others) = (slots.servers.names, other.slots.servers.names)
        if place < own.count && place < others.count { return own[place] == others[place] }
        return place < servers.count && place < other.servers.count && servers[place].name == other.servers[place].name
    }
}

extension UpstreamModel {
    /// Whether connections to servers that were made by this are good for `other`.
    func isSpokenTo(as other: UpstreamModel) -> Bool {
        tls?.context === other.tls?.context && tls?.serverName == other.tls?.serverName
            && tls?.isInsecure == other.tls?.isInsecure && settings.version == other.settings.version
            && settings.proxyProtocol == other.settings.proxyProtocol
    }
}
