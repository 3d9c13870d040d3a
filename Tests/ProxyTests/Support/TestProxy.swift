// A proxy on one loop, in this process.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

/// A running proxy. `end` shows that nothing is left of what went on; it is stopped with its last owner at the latest.
final class TestProxy: Sendable {
    let metrics: LoopMetrics
    let shared: SharedLimits
    /// What is known of servers, over all loops.
    let balance: SharedBalance
    let log: CollectedLog
    /// Where clients and, if there is an admin listener, operators come in.
    let port: UInt16
    let adminPort: UInt16
    /// Whether other loops count in `balance` as well.
    private let isAmongOthers: Bool
    private let listeners: Int
    private let mailbox: Mailbox<ProxyDriver.Message>
    private let turn = Monitor(Turn())
    private let thread: TestThread

    /// - Parameter place: among which loops it is one; `nil` for the only one.
    init(_ setup: ProxySetup, log: CollectedLog = CollectedLog(), place: LoopPlace? = nil) throws {
        self.log = log
        let model = try place?.group.model ?? setup.model()
        balance = place?.group.balance ?? SharedBalance(model, loops: 1, watch: setup.watch)
        shared = place?.group.shared ?? SharedLimits()
        isAmongOthers = place != nil
        let descriptors = try model.listeners.map { try Listening.open($0.address) }
        port = try Listening.port(of: descriptors[0])
        adminPort = try descriptors.count > 1 ? Listening.port(of: descriptors[1]) : 0
        listeners = descriptors.count
        metrics = LoopMetrics(servers: setup.servers.count + setup.others.count)
        mailbox = try place.map { $0.group.mailboxes[$0.number] } ?? Mailbox()
        var environment = LoopEnvironment(
            loop: place?.number ?? 0, metrics: metrics, shared: shared,
            log: (AccessLogLayout(setup.format, isOn: true), log),
            mailbox: mailbox)
        environment.admin = setup.admin
        environment.gatekeeper = setup.gatekeeper
        environment.workers = setup.workers
        environment.balance = balance
        environment.neighbours = place?.group.mailboxes ?? []
        thread = Self.start(
            model, environment, descriptors, sockets: setup.sockets ?? ProxyDriver.socketLimit(model.settings), turn)
    }

    private static func start(
        _ model: Model, _ environment: LoopEnvironment, _ descriptors: [Int32], sockets: Int, _ turn: Monitor<Turn>
    ) -> TestThread {
        TestThread {
            do throws(SystemError) {
                var loop = try EventLoop(
                    socketLimit: sockets, bufferBytes: model.settings.bufferBytes, engine: .tested)
                loop.alwaysSendsTogether = LoopEngine.sendsTogether
                var driver = WatchedDriver(ProxyDriver(model: model, environment: environment), turn)
                try driver.proxy.listen(on: descriptors, loop: &loop)
                try loop.run(&driver, mailbox: environment.mailbox)
            } catch {
                Issue.record(error)
            }
        }
    }

    deinit {
        mailbox.post(.stop)
        _ = thread.join()
    }

    // MARK: Clients

    /// A client that is connected.
    func connect(receiveBuffer: Int32? = nil) throws -> TestSocket {
        try TestSocket(port: port, receiveBuffer: receiveBuffer)
    }

    /// Sends a request on a connection of its own and reads the answer.
    func answer(to request: String = Requests.get) throws -> HTTPResponse {
        let client = try connect()
        try client.send(request)
        return try client.readResponse()
    }

    // MARK: The loop

    /// What the loop said after its last turn.
    var state: Turn { turn.value }

    /// Tells the loop something, without waiting for it.
    func post(_ message: ProxyDriver.Message) { mailbox.post(message) }

    /// Tells the loop something and waits until it has done it.
    func tell(_ message: ProxyDriver.Message) throws {
        let before = state.messages
        mailbox.post(message)
        try wait("the message") { $0.messages > before }
    }

    /// Waits until after a turn `condition` holds.
    func wait(_ what: String, _ limit: Duration = defaultLimit, for condition: (Turn) -> Bool) throws {
        if turn.wait(limit, for: { condition($0) ? true : nil }) == nil {
            throw TestFailure("waited in vain for \(what); \(gauges); \(state)")
        }
    }

    /// Waits until a counter or gauge is, or has passed, a value.
    func wait(for counter: Counter, _ value: UInt64, orMore: Bool = false) throws {
        try wait("\(counter) \(value)") { _ in
            let now = metrics.read(counter)
            return now == value || orMore && now > value
        }
    }

    /// Whether the loop ends by itself.
    func waitForEnd() -> Bool { thread.join() }

    // MARK: The end

    /// What must be zero when nobody is there any more.
    private var gauges: [String: UInt64] {
        let all: [Counter] = [
            .connectionsActive, .exchangesActive, .upstreamConnectionsActive, .poolIdle, .exchangesWaiting,
            .tunnelsActive, .exchangesSuspended, .filesActive,
        ]
        var values: [String: UInt64] = [:]
        for gauge in all where metrics.read(gauge) != 0 { values["\(gauge)"] = metrics.read(gauge) }
        for server in 0..<metrics.servers where metrics.read(.inFlight, server: server) != 0 {
            values["inFlight \(server)"] = metrics.read(.inFlight, server: server)
        }
        if !isAmongOthers { values.merge(counts) { $1 } }
        return values
    }

    /// What loops count together, as far as it is not zero.
    var counts: [String: UInt64] { balance.counts(servers: metrics.servers, shared) }

    /// Ends the servers, and the proxy when it has noticed; all gauges must come to zero by themselves, no buffer but the
    /// reserve may have an owner, and no socket but the listeners be open. Clients have to be gone before.
    /// - Returns: the lines of the access log.
    @discardableResult
    func end(_ servers: ScriptedServer..., location: SourceLocation = #_sourceLocation) throws -> [LogLine] {
        try end(servers, location)
    }

    @discardableResult
    func end(_ servers: [ScriptedServer], _ location: SourceLocation) throws -> [LogLine] {
        for server in servers { server.stop() }
        let isQuiet = { (turn: Turn) in
            self.gauges.isEmpty && turn.bufferBytes == BufferPool.smallBytes && turn.sockets == self.listeners
                && self.shared.current == 0
        }
        try wait("the end of everything", for: isQuiet)
        post(.stop)
        #expect(waitForEnd(), "the loop did not end", sourceLocation: location)
        #expect(gauges == [:], sourceLocation: location)
        #expect(metrics.read(.unanswered) == 0, sourceLocation: location)
        let lines = try log.parsed()
        #expect(Int(metrics.read(.logLines)) == lines.count, sourceLocation: location)
        return lines
    }
}
