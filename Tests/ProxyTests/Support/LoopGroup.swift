// Several loops that share what they know of servers.
import MartletBalancing
import MartletEventLoop

@testable import MartletProxy

/// What loops have in common.
struct LoopGroup: Sendable {
    let model: Model
    let balance: SharedBalance
    let shared = SharedLimits()
    let mailboxes: [Mailbox<ProxyDriver.Message>]

    init(_ setup: ProxySetup, loops: Int) throws {
        model = try setup.model()
        balance = SharedBalance(model, loops: loops, watch: setup.watch)
        mailboxes = try (0..<loops).map { _ in try Mailbox() }
    }
}

/// A loop's place among others.
struct LoopPlace: Sendable {
    let group: LoopGroup
    let number: Int
}

extension SharedBalance {
    /// All counts that are not zero.
    func counts(servers: Int, _ shared: SharedLimits) -> [String: UInt64] {
        var values: [String: UInt64] = [:]
        for server in 0..<servers {
            values["server \(server) in flight"] = UInt64(bitPattern: Int64(loads.inFlight(server)))
            values["server \(server) connections"] = UInt64(bitPattern: Int64(loads.connections(server)))
        }
        values["requests"] = UInt64(bitPattern: Int64(upstreams.read(.requests, 0)))
        values["connections"] = UInt64(bitPattern: Int64(upstreams.read(.connections, 0)))
        values["retries"] = UInt64(bitPattern: Int64(upstreams.read(.retries, 0)))
        values["waiting"] = UInt64(bitPattern: Int64(upstreams.read(.waiting, 0)))
        values["bytes in files"] = UInt64(bitPattern: Int64(shared.replayed))
        return values.filter { $0.value != 0 }
    }
}
