// Being followed by a new process without a client noticing (decision 0021). The order of the steps is all that matters here.
import Glibc
import Logging
import MartletEventLoop
import MartletProxy
import Synchronization

/// Starts the program anew, and hands over to it.
package final class Upgrader: Sendable {
    /// How long loops may take to say where they listen.
    private static let answerTime = Duration.seconds(5)
    /// How long the new process, which is ready, may take until it accepts clients.
    private static let serveTime = Duration.seconds(10)
    /// How long an upgrade may take that has been broken off.
    private static let endTime = Duration.seconds(12)

    private struct State {
        var isGoingOn = false
        /// This process has been told to end.
        var isEnding = false
        var progress = UpgradeProgress()
    }

    private let server: ProxyServer
    private let command: ProgramCommand
    private let limit: Duration
    private let notifier: ServiceNotifier
    private let log: Logger
    private let state = Mutex(State())

    /// - Parameter limit: how long the new process may take until it is ready.
    init(
        _ server: ProxyServer, command: ProgramCommand, limit: Duration, notifier: ServiceNotifier, log: Logger
    ) {
        (self.server, self.command, self.limit) = (server, command, limit)
        (self.notifier, self.log) = (notifier, log)
    }

    /// No upgrade begins from now on, and one that is going on is broken off, unless the new process is ready.
    func end() { state.withLock { $0.isEnding = true } }

    /// Returns when no upgrade is going on: a new process that is not ready must not be left behind. At most after a while.
    func conclude() async {
        let deadline = ContinuousClock.now + Self.endTime
        while state.withLock(\.isGoingOn), .now < deadline { try? await Task.sleep(for: .milliseconds(10)) }
    }

    /// The upgrade that is going on, or the last one.
    var progress: UpgradeProgress { state.withLock(\.progress) }

    /// The process that has taken over.
    var follower: Int32? { state.withLock { $0.progress.stage == .done ? $0.progress.process : nil } }

    /// Starts the new process, and waits until it serves. When this returns its id, this process has to drain.
    /// - Throws: why nothing has changed.
    func upgrade() async throws(UpgradeFailure) -> Int32 {
        do throws(UpgradeFailure) {
            if getpid() == 1 { throw UpgradeFailure.firstProcess }
            try begin()
            let process = try await perform()
            server.upgradeCounts.change { $0.done += 1 }
            log.notice("the new process has taken over", metadata: ["process": "\(process)"])
            return process
        } catch {
            server.upgradeCounts.change { counts in
                if error.isRefusal { counts.refused += 1 } else { counts.failed += 1 }
            }
            let lines = error.lines.joined(separator: " | ")
            log.error(
                "no upgrade: this process goes on",
                metadata: lines.isEmpty ? ["reason": "\(error)"] : ["reason": "\(error)", "said": "\(lines)"])
            throw error
        }
    }

    private func begin() throws(UpgradeFailure) {
        let refusal = state.withLock { state -> UpgradeFailure? in
            if state.isEnding { return .ending }
            if state.isGoingOn { return .goingOn }
            state.isGoingOn = true
            state.progress = UpgradeProgress(stage: .starting, began: .now)
            return nil
        }
        if let refusal { throw refusal }
    }

    private func perform() async throws(UpgradeFailure) -> Int32 {
        // Configs and servers that are being changed come first. What comes later waits, and is for the new process if there is one.
        await server.host.servers?.hold()
        await server.turns.enter()
        do throws(UpgradeFailure) {
            let successor = try await handOver()
            server.close()
            settle(nil)
            return successor.id
        } catch {
            settle(error)
            throw error
        }
    }

    /// Lets those go on who waited for the end of this.
    private func settle(_ failure: UpgradeFailure?) {
        state.withLock { state in
            state.isGoingOn = false
            state.progress.stage = failure == nil ? .done : .failed
            (state.progress.failure, state.progress.ended) = (failure, .now)
            if failure == nil { state.isEnding = true }
        }
        server.turns.leave()
        server.host.servers?.release(isOver: failure == nil)
    }

    private func handOver() async throws(UpgradeFailure) -> Successor {
        guard let program = command.program else { throw UpgradeFailure.noProgram(command.arguments.first ?? "") }
        state.withLock { $0.progress.program = program }
        log.notice("starting the new process", metadata: ["program": "\(program)"])
        let successor = try await start(program)
        state.withLock { ($0.progress.stage, $0.progress.process) = (.waiting, successor.id) }
        let words = try await wait { [self] () throws(UpgradeFailure) in
            try successor.wait(for: Predecessor.ready, limit) { state.withLock(\.isEnding) }
        }
        try commit(successor)
        if words.split(separator: " ").contains(Substring(Predecessor.confirms)) {
            // 1. Both accept clients, until it is certain that the new one does.
            successor.tell(Predecessor.leave)
            _ = try await wait { () throws(UpgradeFailure) in
                try successor.wait(for: Predecessor.serving, Self.serveTime)
            }
            await leave(to: successor, Predecessor.yours)
        } else {
            await leave(to: successor, Predecessor.leave)
        }
        // Whoever has told this process to end meanwhile meant the one that serves.
        if state.withLock(\.isEnding) { successor.passOnEnd() }
        return successor
    }

    /// From here on being told to end is passed on to the new process.
    private func commit(_ successor: Successor) throws(UpgradeFailure) {
        let isEnding = state.withLock { state in
            if !state.isEnding { state.progress.stage = .leaving }
            return state.isEnding
        }
        if !isEnding { return }
        successor.end(after: 0)
        throw UpgradeFailure.ending
    }

    private func leave(to successor: Successor, _ word: String) async {
        // 2. Authorities and the service manager meet one process at a time.
        await server.retire()
        notifier.retire(for: successor.id)
        // 3. What it has now is its own.
        server.share()
        successor.tell(word)
        try? BackgroundThread.start { successor.relayRest() }
    }

    private func start(_ program: String) async throws(UpgradeFailure) -> Successor {
        var note = HandoverNote(
            process: getpid(), program: MartletVersion.string, errors: Predecessor.Place.errors)
        note.upgrades = server.upgradeCounts.value.done + 1
        await server.note(in: &note)
        guard let listeners = await server.shareListeners(within: Self.answerTime) else {
            throw UpgradeFailure.noAnswer
        }
        // The new process has copies of its own when it has been started.
        defer { for listener in listeners { Listening.close(listener.descriptor) } }
        for (index, listener) in listeners.enumerated() {
            note.sockets.append(
                HandoverNote.Socket(
                    descriptor: Predecessor.Place.firstSocket + Int32(index), listener: listener.name,
                    address: listener.address.description,
                    isForeign: listener.address.path.map { server.inheritance.sockets.isForeign(path: $0) } ?? false))
        }
        let (bytes, dropped) = note.encoded(atMost: HandoverNote.limit)
        for what in dropped { log.warning("too much to be handed over", metadata: ["dropped": "\(what)"]) }
        do throws(SystemError) {
            return try Successor(program, command, note: bytes, sockets: listeners.map(\.descriptor))
        } catch {
            throw UpgradeFailure.system("the new process cannot be started", error)
        }
    }

    /// Waits for what blocks, on a thread of its own.
    private func wait(
        _ body: @escaping @Sendable () throws(UpgradeFailure) -> String
    ) async throws(UpgradeFailure) -> String {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<String, UpgradeFailure>, Never>) in
            let work: @Sendable () -> Void = {
                continuation.resume(returning: Result { () throws(UpgradeFailure) in try body() })
            }
            do throws(SystemError) {
                try BackgroundThread.start(work)
            } catch {
                // Better to wait here than to leave it alone.
                work()
            }
        }
        return try result.get()
    }
}
