// A new plan while the keeper works.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

extension KeeperDriver {
    /// Watches by `new` from now on, and tells `audience`. What was found before has been told before.
    mutating func adopt(_ new: KeeperPlan, _ audience: any KeeperAudience, on loop: inout EventLoop) {
        settle(on: &loop)
        let change = keeper.adopt(new.upstreams, now: loop.milliseconds)
        for (server, state) in change.gone {
            metrics.decrement(.state(state), server: server)
            dropChecks(of: server, on: &loop)
        }
        while addresses.count < new.addresses.count {
            addresses.append([])
            turns.append(0)
        }
        for server in change.joined {
            addresses[server] = new.addresses[server]
            turns[server] = 0
            metrics.increment(.state(keeper.servers[server].standing.state), server: server)
        }
        plan = new
        self.audience = audience
        settle(on: &loop)
    }

    /// Takes over what another process knew; before the first checks.
    package mutating func resume(_ inherited: [InheritedServer], on loop: inout EventLoop) {
        for entry in inherited where !keeper.isGone(entry.server) {
            let server = entry.server
            let before = keeper.servers[server].standing.state
            keeper.resume(entry, now: loop.milliseconds)
            let after = keeper.servers[server].standing.state
            if after == before { continue }
            metrics.decrement(.state(before), server: server)
            metrics.increment(.state(after), server: server)
        }
        settle(on: &loop)
    }

    /// Checks of a server that is not there any more come to nothing.
    private mutating func dropChecks(of server: Int, on loop: inout EventLoop) {
        for place in 0..<connections.places {
            guard let token = connections.token(at: place), connections[token.index].order.server == server else {
                continue
            }
            loop.close(connections[token.index].socket)
            connections.remove(token)
        }
    }
}
