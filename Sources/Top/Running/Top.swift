// `martlet top` as a whole: one interval, or a live view from its start to its end.
import MartletControl
import MartletEventLoop
import MartletProxyConfig
import UnixSignals

/// What the command line says.
package struct TopOptions: Sendable {
    package var state: TopState
    /// One interval, then text.
    package var isOnce = false
    /// The same as a document.
    package var isJSON = false
    /// The column that all views which have it are sorted by.
    package var sort: String?

    package init(view: TopView, sort: String?, interval: Int) {
        state = TopState(view: view, sort: sort, interval: interval)
        self.sort = sort
    }
}

/// Runs it.
package enum TopProgram {
    /// Whether there is a terminal to draw on.
    package static var hasTerminal: Bool { RawTerminal.isThere }

    /// - Parameters:
    ///   - write: takes what is to be on the standard output.
    ///   - complain: is told why it comes to nothing.
    /// - Returns: the exit code.
    package static func run(
        _ options: TopOptions, _ access: OperatorAccess, write: @escaping @Sendable (String) -> Void,
        complain: @escaping @Sendable (String) -> Void
    ) -> Int32 {
        let polling = Polling(access)
        do throws(OperatorFailure) {
            if options.isOnce {
                let once = OnceRun(polling: polling, interval: options.state.interval)
                write(text(try Blocking.run { await once.report() }.get(), options))
                return ExitStatus.success
            }
            return try Blocking.run { await live(options, polling) }.get()
        } catch {
            complain(error.message)
            return error.code
        }
    }

    private static func text(_ report: Report, _ options: TopOptions) -> String {
        if options.isJSON { return report.json.pretty() + "\n" }
        let width = RawTerminal.size?.width
        return WholeText.lines(report, sort: options.sort, width: width).map {
            $0.text(width: width, coloured: RawTerminal.hasColour) + "\n"
        }.joined()
    }

    private static func live(_ options: TopOptions, _ polling: Polling) async -> Result<Int32, OperatorFailure> {
        let first: Snapshot
        switch await polling.snapshot(interval: options.state.interval) {
        case .success(let snapshot): first = snapshot
        case .failure(let failure): return .failure(failure)
        }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigwinch, .sigcont)
        let (events, continuation) = AsyncStream<TopEvent>.makeStream()
        let pace = Pace(options.state.interval)
        var view = LiveView(first, options.state, pace)
        defer { view.end() }
        if !view.begin() {
            return .failure(OperatorFailure(code: ExitStatus.systemError, message: "the terminal cannot be used"))
        }
        let sources = [
            Task { for await signal in signals { continuation.yield(TopEvent(signal)) } },
            Task { await polling.run(pace) { continuation.yield(.figures($0)) } },
        ]
        defer { for source in sources { source.cancel() } }
        do throws(SystemError) {
            try BackgroundThread.start {
                while let bytes = RawTerminal.read() { continuation.yield(.typed(bytes)) }
                continuation.yield(.inputEnded)
            }
        } catch {
            return .failure(OperatorFailure(code: ExitStatus.systemError, message: "\(error)"))
        }
        for await event in events {
            if let code = view.handle(event) { return .success(code) }
        }
        return .success(ExitStatus.success)
    }
}

extension TopEvent {
    fileprivate init(_ signal: UnixSignal) {
        switch signal {
        case .sigwinch: self = .resized
        case .sigcont: self = .continued
        case .sigint: self = .end(130)
        case .sighup: self = .end(129)
        default: self = .end(143)
        }
    }
}
