// One run of the demo: what happens, and what is shown of it.
import MartletControl
import MartletEventLoop

/// A run from its start to its exit code.
struct Session: Sendable {
    /// A time, and what was counted until then.
    private struct Moment {
        let time: ContinuousClock.Instant
        let figures: Figures
    }

    /// Rates are shown over so long.
    private static let window = Duration.seconds(2)
    /// How often a pipe is told how things are, in ticks.
    private static let plainTicks = 10
    /// How long exchanges may go on after the end was asked for.
    private static let drainTime = Duration.seconds(3)

    let stage: Stage
    private let plan: TrafficPlan?
    private let events: AsyncStream<DemoEvent>.Continuation
    private let complain: @Sendable (String) -> Void
    private var screen = Screen()
    private var traffic: Traffic?
    private var tally: Tally?
    private var began = ContinuousClock.now
    private var history: [Moment] = []
    private var ticks = 0
    private var isEnding = false
    private var code = ExitStatus.success

    init(
        _ stage: Stage, plan: TrafficPlan?, events: AsyncStream<DemoEvent>.Continuation,
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.stage = stage
        self.plan = plan
        self.events = events
        self.complain = complain
    }

    /// Shows the first lines.
    mutating func greet() { screen.write(Greeting(stage: stage, plan: plan, style: screen.style).lines) }

    /// Starts the proxy and the traffic.
    mutating func start() throws(StartError) {
        try stage.proxy.start()
        began = .now
        history = [Moment(time: began, figures: stage.figures)]
        guard let plan else { return show() }
        do throws(SystemError) {
            traffic = try Traffic(plan, to: stage.address) { [events] in events.yield(.trafficEnded($0)) }
        } catch {
            stage.proxy.stop()
            throw StartError.system(error)
        }
        show()
    }

    /// Deals with an event.
    /// - Returns: the exit code when all is over.
    mutating func handle(_ event: DemoEvent) -> Int32? {
        switch event {
        case .tick: tick()
        case .signal: interrupt()
        case .trafficEnded(let tally): trafficEnded(tally)
        case .serversFailed(let error): fail("the demo's servers failed: \(error)")
        case .loopEnded(let end): if let error = end.error { fail("event loop \(end.loop) failed: \(error)") }
        case .timeIsUp: stage.proxy.stop()
        case .proxyEnded: return conclude()
        }
        return nil
    }

    /// The first signal lets exchanges finish, the second does not.
    private mutating func interrupt() {
        if isEnding { return stage.proxy.stop() }
        // The client goes first: it shall not take the end for a fault.
        if let traffic, tally == nil { traffic.stop() } else { stage.proxy.drain() }
        beginToEnd()
    }

    private mutating func trafficEnded(_ tally: Tally) {
        self.tally = tally
        stage.proxy.drain()
        beginToEnd()
    }

    private mutating func beginToEnd() {
        if isEnding { return }
        isEnding = true
        Task { [events] in
            try? await Task.sleep(for: Self.drainTime)
            events.yield(.timeIsUp)
        }
    }

    private mutating func fail(_ message: String) {
        if code == ExitStatus.success { complain(message) }
        code = ExitStatus.systemError
        isEnding = true
        traffic?.stop()
        stage.proxy.stop()
    }

    // MARK: Showing

    private mutating func tick() {
        ticks += 1
        if isEnding { return }
        if screen.isTerminal { return show() }
        let hasNews = stage.figures.total.requests != history[0].figures.total.requests
        if hasNews && ticks % Self.plainTicks == 0 { showPlain() }
    }

    /// Draws the table over the last one.
    private mutating func show() {
        if !screen.isTerminal { return }
        let now = Moment(time: .now, figures: stage.figures)
        history.append(now)
        while history.count > 2 && now.time - history[1].time >= Self.window { history.removeFirst() }
        screen.draw(picture(now.figures, since: history[0]) + ["", footer(now.figures)])
    }

    private mutating func showPlain() {
        let now = Moment(time: .now, figures: stage.figures)
        screen.write(picture(now.figures, since: history[0]) + [""])
        history = [now]
    }

    private func picture(_ now: Figures, since earlier: Moment) -> [String] {
        let seconds = (ContinuousClock.now - earlier.time) / .seconds(1)
        let table = Table(screen.style)
        return table.lines(now, since: earlier.figures, seconds: seconds)
            + ["", table.summary(now, since: earlier.figures, seconds: seconds)]
    }

    /// How far it is, or what to do.
    private func footer(_ now: Figures) -> String {
        if let traffic, traffic.plan.isBounded {
            let (over, all) = (traffic.progress.over, traffic.plan.requests)
            let gauge = Bar.gauge(Double(over) / Double(all), width: 30)
            return "  \(gauge)  \(NumberText.grouped(UInt64(over))) of \(NumberText.grouped(UInt64(all)))"
        }
        if now.total.requests > 0 { return "" }
        return screen.style.dim("  Nobody has asked yet. `martlet demo --traffic` asks by itself.")
    }

    /// Shows the last table and what came of it.
    private mutating func conclude() -> Int32 {
        stage.servers.stop()
        stage.proxy.finish()
        let figures = stage.figures
        let seconds = tally.map { Double($0.nanoseconds) / 1e9 } ?? (ContinuousClock.now - began) / .seconds(1)
        let table = Table(screen.style)
        var lines = table.lines(figures, since: nil, seconds: seconds) + [""]
        if let tally, tally.wanted != .max {
            lines += TallyText(screen.style).lines(tally)
        } else {
            let count = NumberText.grouped(figures.total.requests)
            let time = NumberText.time(microseconds: seconds * 1e6)
            lines += ["  \(count) requests in \(time)   \(Table.percentiles(figures.latencies))"]
        }
        // Without a tally the proxy was ended before the client.
        let hasFailed = plan?.isBounded == true && tally?.isPerfect != true
        if code == ExitStatus.success && hasFailed { code = 1 }
        if screen.isTerminal { screen.draw(lines) } else { screen.write(lines) }
        return code
    }
}
