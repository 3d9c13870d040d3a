// What the loops of a process know of servers together.
import MartletBalancing

/// The loads of servers and upstreams, shared by all loops, and who watches over the servers.
package final class SharedBalance: Sendable {
    package let loads: ServerLoads
    package let upstreams: UpstreamLoads
    /// Who is told what loops notice of servers; `nil` for nobody.
    package let watch: (any ServerWatch)?

    /// - Parameter room: for how many there is room; without it, for those of the model.
    package init(
        _ model: Model, loops: Int, watch: (any ServerWatch)? = nil, room: (servers: Int, upstreams: Int)? = nil
    ) {
        loads = ServerLoads(servers: max(room?.servers ?? 0, model.servers.count))
        upstreams = UpstreamLoads(upstreams: max(room?.upstreams ?? 0, model.upstreams.count), loops: loops)
        self.watch = watch
    }

    /// How many upstreams there may be.
    package var upstreamRoom: Int { upstreams.upstreams }
}
