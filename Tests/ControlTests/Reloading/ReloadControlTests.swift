import Logging
import MartletEventLoop
import MartletHTTPCore
import MartletProxyConfig
import MartletTestSupport
import Synchronization
import Testing

@testable import MartletControl

/// Reading a config again, and having it taken.
struct ReloadControlTests {
    /// Takes every config, or none.
    private final class Target: ConfigurationTarget {
        let taken = Monitor<[Configuration]>([])
        let isOpen = Monitor(true)
        let error: StartError?

        init(error: StartError? = nil) { self.error = error }

        func reload(_ configuration: Configuration) async -> Result<ReloadNote, StartError> {
            taken.change { $0.append(configuration) }
            await withCheckedContinuation { continuation in
                // Blocks a thread of its own.
                try? BackgroundThread.start { [isOpen] in
                    _ = isOpen.wait(.seconds(600)) { $0 ? true : nil }
                    continuation.resume()
                }
            }
            if let error { return .failure(error) }
            var note = ReloadNote()
            note.atNextStart = ["workers"]
            return .success(note)
        }
    }

    /// A file that changes.
    private final class File: Sendable {
        let text: Mutex<String>
        let reads = Mutex(0)

        init(_ text: String) { self.text = Mutex(text) }

        var result: Result<CheckedConfiguration, ConfigurationErrors> {
            reads.withLock { $0 += 1 }
            do throws(ConfigurationErrors) {
                return .success(try ConfigurationLoader.check(text.withLock { $0 }, file: "m.yaml"))
            } catch {
                return .failure(error)
            }
        }
    }

    private static let one = "listeners: [{address: ':1'}]\n"
    private static let two = "listeners: [{address: ':1'}, {address: ':2'}]\nadmin: {address: '127.0.0.1:9'}\n"

    private static func control(
        _ file: File, _ target: Target, adjust: @escaping @Sendable (Configuration) -> Configuration = { $0 }
    ) throws -> ReloadControl {
        var source = ReloadControl.Source { file.result }
        source.adjust = adjust
        return ReloadControl(
            target, current: try file.result.get(), source: source,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func aGoodConfigIsTakenAndItsChangesAreSaid() async throws {
        let (file, target) = (File(Self.one), Target())
        let control = try Self.control(file, target)
        let before = control.record.counts
        file.text.withLock { $0 = Self.two }
        guard case .applied(let report) = await control.reload(.signal) else { return #expect(Bool(false)) }
        #expect(report.changes.lines == ["+ listener :2", "~ admin (address)"])
        #expect(report.note.atNextStart == ["workers"] && report.duration > .zero)
        #expect(target.taken.value.map(\.listeners.count) == [2])
        #expect(control.configuration.listeners.count == 2)
        let counts = control.record.counts
        #expect(counts.applied == 1 && counts.refused == 0 && counts.lastSucceeded)
        #expect(counts.lastSuccess >= before.lastSuccess && counts.hash != before.hash && counts.hash.count == 32)
        // The same again is no change.
        guard case .applied(let again) = await control.reload(.admin) else { return #expect(Bool(false)) }
        #expect(again.changes.lines == ["no change"])
        #expect(control.record.counts.hash == counts.hash)
    }

    @Test func aBadConfigLeavesTheOneBefore() async throws {
        let (file, target) = (File(Self.one), Target())
        let control = try Self.control(file, target)
        file.text.withLock { $0 = Self.one + "worker: 3\n" }
        guard case .refused(let refusal) = await control.reload(.watch) else { return #expect(Bool(false)) }
        #expect(refusal.problems.map(\.line) == [2])
        #expect(
            refusal.text.hasPrefix(
                "m.yaml:2:1: error: unknown key 'worker' at the top level; did you mean 'workers'?\n"))
        #expect(target.taken.value.isEmpty && control.configuration.listeners.count == 1)
        #expect(control.record.counts.refused == 1 && !control.record.counts.lastSucceeded)
        #expect(control.sources.main.contains("worker:"))
        file.text.withLock { $0 = Self.one }
        _ = await control.reload(.watch)
        #expect(control.record.counts.lastSucceeded)
    }

    @Test func whatTheProxyCannotTakeIsRefused() async throws {
        let (file, target) = (File(Self.one), Target(error: .listening(address: ":2", .addressInUse)))
        let control = try Self.control(file, target)
        file.text.withLock { $0 = Self.two }
        guard case .refused(let refusal) = await control.reload(.signal) else { return #expect(Bool(false)) }
        #expect(refusal.problems.isEmpty && refusal.text.hasPrefix("cannot listen on :2: "))
        #expect(control.configuration.listeners.count == 1 && control.record.counts.refused == 1)
    }

    /// What was changed while running, and what the command line says, come on top of the file.
    @Test func overlaysAreApplied() async throws {
        let (file, target) = (File(Self.one), Target())
        let control = try Self.control(file, target) { configuration in
            var configuration = configuration
            configuration.workers = 7
            return configuration
        }
        #expect(control.configuration.workers == 7)
        control.setOverlay { configuration in
            var configuration = configuration
            configuration.listeners.append(ListenerConfiguration(address: .tcp(nil, port: 9)))
            return configuration
        }
        guard case .applied(let report) = await control.reload(.admin) else { return #expect(Bool(false)) }
        #expect(report.changes.lines == ["+ listener :9"])
        #expect(target.taken.value[0].workers == 7 && target.taken.value[0].listeners.count == 2)
    }

    @Test func hooksAreToldOfBeginningAndEnd() async throws {
        let control = try Self.control(File(Self.one), Target())
        let told = Mutex<[String]>([])
        var hooks = ReloadControl.Hooks()
        hooks.began = { told.withLock { $0.append("began") } }
        hooks.ended = { outcome in
            if case .applied = outcome { told.withLock { $0.append("applied") } }
        }
        control.setHooks(hooks)
        _ = await control.reload(.signal)
        #expect(told.withLock { $0 } == ["began", "applied"])
    }

    /// All that are asked for while one is going on are one more, which begins when that has ended.
    @Test(.timeLimit(.minutes(20)))
    func requestsThatComeMeanwhileBecomeOneMore() async throws {
        let (file, target) = (File(Self.one), Target())
        let control = try Self.control(file, target)
        file.reads.withLock { $0 = 0 }
        target.isOpen.change { $0 = false }
        let first = Task { await control.reload(.signal) }
        #expect(await Self.off { target.taken.wait(.seconds(600)) { $0.count == 1 ? true : nil } } == true)
        let others = (0..<10).map { _ in Task { await control.reload(.signal) } }
        // They are in the queue when one that is asked for after them has joined it.
        for _ in 0..<1_000 { await Task.yield() }
        #expect(target.taken.value.count == 1)
        file.text.withLock { $0 = Self.two }
        target.isOpen.change { $0 = true }
        _ = await first.value
        var outcomes: [ReloadOutcome] = []
        for task in others { outcomes.append(await task.value) }
        for outcome in outcomes {
            guard case .applied(let report) = outcome else { return #expect(Bool(false)) }
            #expect(report.changes.lines == ["+ listener :2", "~ admin (address)"] || report.changes.isEmpty)
        }
        // Tasks that the runtime has begun late may have become a third.
        #expect((2...3).contains(target.taken.value.count))
        #expect(file.reads.withLock { $0 } == target.taken.value.count)
    }

    /// Waits on a thread that may block.
    private static func off(_ body: @escaping @Sendable () -> Bool?) async -> Bool? {
        await withCheckedContinuation { continuation in
            try? BackgroundThread.start { continuation.resume(returning: body()) }
        }
    }
}
