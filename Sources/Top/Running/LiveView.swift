// The live view: what happens, and what is shown then.
import MartletControl

/// What can happen while it runs.
enum TopEvent: Sendable {
    case typed([UInt8])
    /// Nothing will be typed any more: the terminal is gone.
    case inputEnded
    case resized
    /// It goes on after having been stopped.
    case continued
    /// It is to end, with this exit code.
    case end(Int32)
    case figures(Result<Snapshot, OperatorFailure>)
}

/// A run of the live view.
struct LiveView {
    /// How long it is said that the proxy is another one.
    private static let noticeTime = Duration.seconds(10)

    private var state: TopState
    private let pace: Pace
    private let isColoured: Bool
    private var terminal = RawTerminal()
    private var canvas = Canvas()
    private var keys = KeyReader()
    private var earlier: Snapshot
    private var report: Report?
    private var notice: Notice?
    private var noticeEnd: ContinuousClock.Instant?
    private var failingSince: ContinuousClock.Instant?

    /// - Parameter first: what it begins with.
    init(_ first: Snapshot, _ state: TopState, _ pace: Pace) {
        earlier = first
        self.state = state
        self.pace = pace
        isColoured = RawTerminal.hasColour
    }

    /// Takes the terminal; `false` if that cannot be done.
    mutating func begin() -> Bool { terminal.enter() && draw() }

    /// Gives it back.
    mutating func end() { terminal.leave() }

    /// Deals with an event.
    /// - Returns: the exit code when all is over.
    mutating func handle(_ event: TopEvent) -> Int32? {
        switch event {
        case .typed(let bytes):
            for key in keys.read(bytes) {
                if let code = perform(state.press(key)) { return code }
            }
            return nil
        case .inputEnded: return ExitStatus.success
        case .end(let code): return code
        case .resized: return drawAnew()
        case .continued:
            // The shell may have set the terminal as it likes it.
            return terminal.enter() ? drawAnew() : ExitStatus.success
        case .figures(let result):
            take(result)
            // Where nobody could go on with it, it was not stopped.
            if !terminal.isEntered, !terminal.enter() { return ExitStatus.success }
            return draw() ? nil : ExitStatus.success
        }
    }

    private mutating func perform(_ action: TopAction) -> Int32? {
        pace.set(state.interval)
        if let report {
            let room = Screen.rows(height: RawTerminal.size?.height ?? 24)
            state.limitOffset(rows: state.view.table(report).rows.count, room: room)
        }
        switch action {
        case .nothing: return nil
        case .quit: return ExitStatus.success
        case .drawAnew: return drawAnew()
        case .draw: return draw() ? nil : ExitStatus.success
        case .suspend:
            terminal.leave()
            // It goes on with `continued`.
            RawTerminal.stop()
            return nil
        }
    }

    private mutating func take(_ result: Result<Snapshot, OperatorFailure>) {
        let now = ContinuousClock.now
        switch result {
        case .success(let snapshot):
            if failingSince != nil { (failingSince, notice) = (nil, nil) }
            if let end = noticeEnd, now >= end { (noticeEnd, notice) = (nil, nil) }
            if Report.isContinued(snapshot, since: earlier) {
                if !state.isPaused { report = Report(snapshot, since: earlier) }
            } else {
                let (old, new) = (earlier.process.pid, snapshot.process.pid)
                notice = Notice(
                    text: old == new
                        ? "process \(old) counts anew" : "process \(new) has taken the place of process \(old)",
                    ink: .odd)
                noticeEnd = now + Self.noticeTime
            }
            earlier = snapshot
        case .failure(let failure):
            let since = failingSince ?? now
            failingSince = since
            let time = NumberText.span(since.duration(to: now) / .seconds(1))
            let reason = failure.message.split(separator: "\n").first.map(String.init) ?? ""
            notice = Notice(text: "no answer since \(time), trying on: \(reason)", ink: .bad)
        }
    }

    private mutating func drawAnew() -> Int32? {
        canvas.forget()
        return draw() ? nil : ExitStatus.success
    }

    private mutating func draw() -> Bool {
        let (width, height) = RawTerminal.size ?? (80, 24)
        let lines = Screen.lines(report, state, notice, width: width, height: height)
        let text = canvas.draw(lines.map { $0.text(width: width, coloured: isColoured) })
        return text.isEmpty || terminal.put(text)
    }
}
