// What the loops of a process know of servers together.
import MartletBalancing

/// The loads of servers and upstreams, shared by all loops, and who watches over the servers.
package final class SharedBalance: Sendable {
    package let loads: ServerLoads
    package let upstreams: UpstreamLoads
    /// Who is told what loops notice of servers; `nil` for nobody.
    package let watch: (any ServerWatch)?

    package init(_ model: Model, loops: Int, watch: (any ServerWatch)? = nil) {
        loads = ServerLoads(servers: model.servers.count)
        upstreams = UpstreamLoads(upstreams: model.upstreams.count, loops: loops)
        self.watch = watch
    }
}
