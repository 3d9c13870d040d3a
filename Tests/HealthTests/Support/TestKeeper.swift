// A keeper on its loop, in this process.
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletTelemetry
import MartletTestSupport
import Testing

/// What a keeper has said so far.
struct Heard: Sendable {
    var changes: [StateChange] = []
    var rosters: [Roster] = []
    var down: [Int] = []
    var cut: [Int] = []
    var tiers: [Roster.Tier] = []
    var reports: [[ServerReport]] = []

    /// The state of a server by the last change.
    func state(_ server: Int) -> HealthState? { changes.last { $0.server == server }?.to }
}

/// Keeps what a keeper says.
struct Listener: KeeperAudience {
    let heard = Monitor(Heard())

    func publish(upstream: Int, _ roster: Roster) { heard.change { $0.rosters.append(roster) } }
    func changed(_ change: StateChange) { heard.change { $0.changes.append(change) } }
    func tierChanged(upstream: Int, from: Roster.Tier, to: Roster.Tier) { heard.change { $0.tiers.append(to) } }
    func serverDown(_ server: Int) { heard.change { $0.down.append(server) } }
    func drainExpired(_ server: Int) { heard.change { $0.cut.append(server) } }
}

/// A running keeper of one upstream; stopped with its last owner.
final class TestKeeper: Sendable {
    let loads: ServerLoads
    let metrics: LoopMetrics
    let listener = Listener()
    private let mailbox: Mailbox<KeeperDriver.Message>
    private let thread: TestThread

    /// - Parameter addresses: of each server; none for a name.
    init(_ addresses: [[SocketAddress]], _ change: (inout UpstreamHealthSettings) -> Void) throws {
        var settings = UpstreamHealthSettings()
        settings.servers = addresses.enumerated().map { place, addresses in
            var facts = ServerFacts(server: place)
            facts.isNamed = addresses.isEmpty
            return facts
        }
        change(&settings)
        let plan = KeeperPlan(
            [settings], hosts: addresses.indices.map { "server\($0).test" }, addresses: addresses)
        let mailbox = try Mailbox<KeeperDriver.Message>()
        let (loads, metrics) = (ServerLoads(servers: addresses.count), LoopMetrics(servers: addresses.count))
        let listener = listener
        self.loads = loads
        self.metrics = metrics
        self.mailbox = mailbox
        thread = TestThread {
            do throws(SystemError) {
                var loop = try EventLoop(
                    socketLimit: KeeperDriver.socketLimit, bufferBytes: KeeperDriver.bufferBytes, engine: .tested)
                var driver = KeeperDriver(
                    plan, loads, audience: listener, metrics: metrics, start: (loop.milliseconds, 1))
                driver.begin(on: &loop)
                try loop.run(&driver, mailbox: mailbox)
            } catch {
                Issue.record(error)
            }
        }
    }

    /// One server on a port of this host, checked often.
    convenience init(port: UInt16, _ kind: CheckSettings.Kind, timeout: UInt64 = 10_000) throws {
        try self.init([[.loopback(port: port)]]) { settings in
            settings.check = .often(kind)
            settings.check?.timeout = timeout
        }
    }

    deinit {
        post(.stop)
        _ = thread.join()
    }

    func post(_ message: KeeperDriver.Message) { mailbox.post(message) }

    /// Waits until what was heard is as wanted.
    func wait<Result>(for body: (Heard) -> Result?) throws -> Result {
        guard let result = listener.heard.wait(for: { body($0) }) else {
            throw TestFailure("never heard; only \(listener.heard.value)")
        }
        return result
    }

    /// Waits for a server's next change of state.
    func change(_ index: Int = 0) throws -> StateChange {
        try wait { index < $0.changes.count ? $0.changes[index] : nil }
    }

    /// How all servers are now.
    func report() throws -> [ServerReport] {
        let heard = listener.heard
        let count = heard.value.reports.count
        post(.report { reports in heard.change { $0.reports.append(reports) } })
        return try wait { $0.reports.count > count ? $0.reports.last : nil }
    }
}

extension CheckSettings {
    /// Decides at the first check, and asks again at once.
    static func often(_ kind: Kind) -> CheckSettings {
        var settings = CheckSettings()
        settings.kind = kind
        settings.interval = 5
        settings.downInterval = 5
        settings.rise = 1
        settings.fall = 1
        settings.timeout = 10_000
        settings.isUpBeforeFirst = false
        return settings
    }
}

extension HTTPCheck {
    static func with(_ change: (inout HTTPCheck) -> Void = { _ in }) -> HTTPCheck {
        var check = HTTPCheck()
        change(&check)
        return check
    }
}

extension ScriptedServer {
    /// A server that reads a request on each connection, says this, and closes.
    static func saying(_ answer: String) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try? socket.send(answer)
        }
    }

    /// A port on which nobody listens any longer.
    static func closedPort() throws -> UInt16 {
        let server = try ScriptedServer { _, _ in }
        server.stop()
        return server.port
    }
}
