// Which idle connection to use again. Pure: connections are numbers here; the driver closes and times them.

/// The idle connections to each server of a loop, last in first out: the one used last is the one most likely to be
/// alive and warm, and those at the bottom grow old and are closed by their idle timer.
package struct IdlePool: ~Copyable {
    private struct Link: BitwiseCopyable {
        var below: UInt32 = .max
        var above: UInt32 = .max
        /// The server whose stack it is in; `.max` if it is in none.
        var server: UInt32 = .max
    }

    private struct Stack: BitwiseCopyable {
        var top: UInt32 = .max
        var count = 0
    }

    private var links: [Link] = []
    private var stacks: [Stack] = []
    /// Idle connections to all servers.
    package private(set) var count = 0

    package init() {}

    /// Keeps a connection for later. `false`, and it is not kept, when the server has `limit` idle ones already.
    package mutating func offer(_ connection: UInt32, server: Int, limit: Int) -> Bool {
        makeRoom(connection: Int(connection), server: server)
        precondition(links[Int(connection)].server == .max, "the connection is in the pool already")
        if stacks[server].count >= limit { return false }
        let below = stacks[server].top
        links[Int(connection)] = Link(below: below, above: .max, server: UInt32(server))
        if below != .max { links[Int(below)].above = connection }
        stacks[server].top = connection
        stacks[server].count += 1
        count += 1
        return true
    }

    /// Takes the connection that was used last out of the pool; `nil` if there is none.
    package mutating func take(server: Int) -> UInt32? {
        if server >= stacks.count || stacks[server].top == .max { return nil }
        let top = stacks[server].top
        remove(top)
        return top
    }

    /// Takes one connection out of the pool: the server closed it, or its time is over. Does nothing if it is not in.
    package mutating func remove(_ connection: UInt32) {
        if Int(connection) >= links.count { return }
        let link = links[Int(connection)]
        if link.server == .max { return }
        if link.above != .max {
            links[Int(link.above)].below = link.below
        } else {
            stacks[Int(link.server)].top = link.below
        }
        if link.below != .max { links[Int(link.below)].above = link.above }
        stacks[Int(link.server)].count -= 1
        links[Int(connection)] = Link()
        count -= 1
    }

    /// Idle connections to one server.
    package func count(server: Int) -> Int { server < stacks.count ? stacks[server].count : 0 }

    private mutating func makeRoom(connection: Int, server: Int) {
        while links.count <= connection { links.append(Link()) }
        while stacks.count <= server { stacks.append(Stack()) }
    }
}
