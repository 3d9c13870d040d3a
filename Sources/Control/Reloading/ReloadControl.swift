// The one place that reloads: SIGHUP, `--watch` and the admin listener all call it.
import Logging
import MartletEventLoop
import MartletProxyConfig
import Synchronization

/// Reads the config again, and has it taken.
package final class ReloadControl: Sendable {
    /// Told when a reload begins, and what has come of it.
    package struct Hooks: Sendable {
        package var began: @Sendable () -> Void = {}
        /// Gets ready for a config that is about to take the place of the other one.
        var prepare: @Sendable (_ new: Configuration, _ old: Configuration) async -> Void = { _, _ in }
        /// This one is in force, whatever has come of it.
        var settled: @Sendable (Configuration) -> Void = { _ in }
        package var ended: @Sendable (ReloadOutcome) -> Void = { _ in }

        package init() {}
    }

    /// Where the config comes from.
    package struct Source: Sendable {
        /// Reads it; what is in force is given, as parts of it may be the same.
        package let read: @Sendable (CheckedConfiguration) -> Result<CheckedConfiguration, ConfigurationErrors>
        /// What the command line says in place of it.
        package var adjust: @Sendable (Configuration) -> Configuration = { $0 }

        package init(read: @escaping @Sendable () -> Result<CheckedConfiguration, ConfigurationErrors>) {
            self.read = { _ in read() }
        }

        package init(
            readAfter read:
                @escaping @Sendable (CheckedConfiguration) -> Result<
                    CheckedConfiguration, ConfigurationErrors
                >
        ) {
            self.read = read
        }
    }

    /// What has become of reloads.
    package let record: ReloadRecord
    private let source: Source
    private let target: any ConfigurationTarget
    private let log: Logger
    private let queue = ReloadQueue<ReloadOutcome>()
    private let state: Mutex<State>

    private struct State {
        /// What is in force, changes of `overlay` included.
        var configuration: Configuration
        /// What was read last, whether it could be used or not.
        var sources: ConfigurationSources
        var document: ConfigurationDocument?
        /// What was read when what is in force came into force.
        var base: CheckedConfiguration
        /// Somebody wants the config to be read again.
        var mustRead = false
        var overlay: @Sendable (Configuration) -> Configuration = { $0 }
        var hooks = Hooks()
    }

    /// - Parameters:
    ///   - current: what the target serves by now.
    ///   - source: where the config comes from.
    package init(
        _ target: any ConfigurationTarget, current: CheckedConfiguration, source: Source,
        record: ReloadRecord = ReloadRecord(), log: Logger
    ) {
        self.target = target
        self.source = source
        self.record = record
        self.log = log
        state = Mutex(
            State(
                configuration: source.adjust(current.configuration), sources: current.sources, document: current.tree,
                base: current))
        record.started(with: current.sources)
    }

    /// Changes what was read before it is taken: for what was changed while running.
    /// - Parameter isInForce: whether what is in force has been changed by it already; otherwise the next config is the first.
    package func setOverlay(
        isInForce: Bool = false, _ overlay: @escaping @Sendable (Configuration) -> Configuration
    ) {
        let current = isInForce ? overlay(loaded) : configuration
        state.withLock { ($0.overlay, $0.configuration) = (overlay, current) }
    }

    /// Has somebody told of reloads.
    package func setHooks(_ hooks: Hooks) { state.withLock { $0.hooks = hooks } }

    /// What is in force.
    package var configuration: Configuration { state.withLock(\.configuration) }

    /// What is in force, without the changes of the overlay.
    package var loaded: Configuration { source.adjust(state.withLock(\.base.configuration)) }

    /// What was read when it came into force, without secrets.
    package var document: ConfigurationDocument? { state.withLock(\.document) }

    /// What was read last.
    package var sources: ConfigurationSources { state.withLock(\.sources) }

    /// Reads the config, and has it taken if it is good. A reload that is asked for while one is going on begins when that
    /// has ended; all that are asked for until then are one.
    package func reload(_ trigger: ReloadTrigger) async -> ReloadOutcome {
        state.withLock { $0.mustRead = true }
        return await queue.request { [self] in await perform(trigger) }
    }

    /// Has the config that is in force taken once more, with what the overlay says by now. Nothing is read.
    package func reapply(_ trigger: ReloadTrigger = .runtime) async -> ReloadOutcome {
        let outcome = await queue.request { [self] in await perform(trigger) }
        // It may have become one with a reload whose config is wrong, which is no reason not to do it.
        if case .refused = outcome { return await queue.request { [self] in await perform(trigger) } }
        return outcome
    }

    /// What is to be taken: the config as it is read now, if somebody wants that.
    private func next() async -> (result: Result<CheckedConfiguration, ConfigurationErrors>, isRead: Bool) {
        let base = state.withLock { state in
            defer { state.mustRead = false }
            return state.mustRead ? nil : state.base
        }
        if let base { return (.success(base), false) }
        return (await read(), true)
    }

    private func perform(_ trigger: ReloadTrigger) async -> ReloadOutcome {
        let began = ContinuousClock.now
        let (hooks, overlay) = state.withLock { ($0.hooks, $0.overlay) }
        hooks.began()
        let outcome: ReloadOutcome
        let (result, isRead) = await next()
        switch result {
        case .failure(let errors):
            state.withLock { $0.sources = errors.sources }
            outcome = .refused(ReloadRefusal(errors))
        case .success(let checked):
            state.withLock { $0.sources = checked.sources }
            let configuration = source.adjust(checked.configuration)
            await hooks.prepare(configuration, loaded)
            outcome = await take(checked, overlay(configuration), began)
            hooks.settled(loaded)
        }
        if case .refused = outcome { record.refused() }
        ReloadLog(log).tell(outcome, trigger, isRead: isRead)
        hooks.ended(outcome)
        return outcome
    }

    private func take(
        _ checked: CheckedConfiguration, _ configuration: Configuration, _ began: ContinuousClock.Instant
    ) async -> ReloadOutcome {
        switch await target.reload(configuration) {
        case .failure(let error): return .refused(ReloadRefusal(error))
        case .success(let note):
            let duration = began.duration(to: .now)
            let old = state.withLock { state in
                defer { (state.configuration, state.document, state.base) = (configuration, checked.tree, checked) }
                return state.configuration
            }
            record.applied(checked.sources)
            return .applied(
                ReloadReport(
                    changes: ConfigurationDiff(from: old, to: configuration), note: note, warnings: checked.warnings,
                    duration: duration))
        }
    }

    /// On a thread of its own: a large config takes a while, and those of Swift concurrency are few.
    private func read() async -> Result<CheckedConfiguration, ConfigurationErrors> {
        let base = state.withLock(\.base)
        return await withCheckedContinuation { continuation in
            do throws(SystemError) {
                try BackgroundThread.start { [source] in continuation.resume(returning: source.read(base)) }
            } catch {
                continuation.resume(returning: source.read(base))
            }
        }
    }
}
