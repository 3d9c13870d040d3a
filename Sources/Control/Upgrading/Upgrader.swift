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

    private struct State {
        var isGoingOn = false
        var isEnding = false
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

    /// No upgrade begins from now on, and one that is going on is broken off.
    func end() { state.withLock { $0.isEnding = true } }

    /// Starts the new process, and waits until it is ready. When this returns its id, it serves, and this process has to drain.
    /// - Throws: why nothing has changed.
    func upgrade() async throws(UpgradeFailure) -> Int32 {
        do throws(UpgradeFailure) {
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

    private func perform() async throws(UpgradeFailure) -> Int32 {
        if getpid() == 1 { throw UpgradeFailure.firstProcess }
        try begin()
        defer { state.withLock { $0.isGoingOn = false } }
        guard let program = command.program else { throw UpgradeFailure.noProgram(command.arguments.first ?? "") }
        log.notice("starting the new process", metadata: ["program": "\(program)"])
        let successor = try await start(program)
        try await waitUntilReady(successor)
        // 1. Authorities and the service manager meet one process at a time.
        await server.retire()
        notifier.retire(for: successor.id)
        // 2. What it has now is its own.
        server.share()
        successor.leave()
        try? BackgroundThread.start { successor.relayRest() }
        end()
        return successor.id
    }

    private func begin() throws(UpgradeFailure) {
        let refusal = state.withLock { state -> UpgradeFailure? in
            if state.isEnding { return .ending }
            if state.isGoingOn { return .goingOn }
            state.isGoingOn = true
            return nil
        }
        if let refusal { throw refusal }
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
        do throws(SystemError) {
            return try Successor(program, command, note: note, sockets: listeners.map(\.descriptor))
        } catch {
            throw UpgradeFailure.system("the new process cannot be started", error)
        }
    }

    private func waitUntilReady(_ successor: Successor) async throws(UpgradeFailure) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, UpgradeFailure>, Never>) in
            let wait: @Sendable () -> Void = { [self] in
                continuation.resume(
                    returning: Result { () throws(UpgradeFailure) in
                        try successor.waitUntilReady(limit) { state.withLock(\.isEnding) }
                    })
            }
            do throws(SystemError) {
                try BackgroundThread.start(wait)
            } catch {
                // Better to wait here than to leave it alone.
                wait()
            }
        }
        try result.get()
    }
}
