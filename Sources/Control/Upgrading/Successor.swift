// The process that follows this one, as this one sees it: from its start until it is ready, or has failed.
import Glibc
import MartletEventLoop
import Synchronization

/// Starts the new program and waits for it, on a thread that may block.
final class Successor: Sendable {
    /// How often it is looked whether the process lives, in milliseconds.
    private static let step = 50
    /// How long its last words are listened to once it has ended, or does not need this process any more, in milliseconds.
    private static let lastWords = 2000

    let id: pid_t
    private let channel: OwnedDescriptor
    private let errors: OwnedDescriptor
    private let lines = Mutex(LastLines())

    /// Starts it.
    /// - Parameters:
    ///   - note: what it has to know, encoded. Its sockets are in the order of `sockets`.
    ///   - sockets: that it gets copies of.
    init(
        _ program: String, _ command: ProgramCommand, note: [UInt8], sockets: [Int32]
    ) throws(SystemError) {
        let (own, other) = try HostProcess.channel()
        let (reading, writing) = try HostProcess.pipe()
        let file = try HostProcess.memoryFile("martlet-handover", note)
        id = try HostProcess.start(
            program, command.arguments,
            environment: command.environment
                + ["\(Predecessor.variable)=\(Predecessor.Place.note),\(Predecessor.Place.channel)"],
            descriptors: [file.number, other.number, STDERR_FILENO] + sockets, errors: writing.number)
        (channel, errors) = (own, reading)
        // What is said to a process that has ended is an error of the write.
        _ = fcntl(reading.number, F_SETFL, O_NONBLOCK)
    }

    /// Waits until it says a word, and returns all that it says then. If it does not in time, or `isCancelled`, it is ended.
    func wait(
        for word: String, _ limit: Duration, isCancelled: () -> Bool = { false }
    ) throws(UpgradeFailure) -> String {
        let deadline = ContinuousClock.now + limit
        var mayComplain = true
        while true {
            let (hasSpoken, hasErrors) = HostProcess.wait(
                channel, mayComplain ? errors : nil, milliseconds: Self.step)
            if hasErrors { mayComplain = relay() }
            if hasSpoken {
                let words = (try? channel.read()).map { String(decoding: $0, as: UTF8.self) } ?? ""
                if words.hasPrefix(word) { return words }
                // It has closed its side: it has ended, or is no martlet.
                let how = end().description
                throw UpgradeFailure.ended(how, lines: lastLines)
            }
            if let end = HostProcess.reap(id) {
                relayRest()
                throw UpgradeFailure.ended(end.description, lines: lastLines)
            }
            if isCancelled() {
                end(after: 0)
                throw UpgradeFailure.ending
            }
            if .now >= deadline {
                end(after: 0)
                throw UpgradeFailure.late(seconds: "\(limit)", lines: lastLines)
            }
        }
    }

    /// Ends it if it has not ended by itself; how it ended.
    /// - Parameter steps: how long it has to end by itself, for the sake of its exit code.
    @discardableResult
    func end(after steps: Int = 10) -> ProcessEnd {
        for _ in 0..<steps {
            if let end = HostProcess.reap(id) {
                relayRest()
                return end
            }
            _ = HostProcess.wait(nil, nil, milliseconds: Self.step)
        }
        kill(id, SIGKILL)
        let end = HostProcess.reap(id, waits: true) ?? .signal(SIGKILL)
        relayRest()
        return end
    }

    /// Tells it something. It may be gone by now, which is noticed elsewhere.
    func tell(_ word: String) { try? channel.write(Array(word.utf8)) }

    /// Has it end as this process was told to end.
    func passOnEnd() { kill(id, SIGTERM) }

    /// What it has said last.
    private var lastLines: [String] { lines.withLock(\.all) }

    /// Passes on what it has said; `false` when there will be no more.
    private func relay() -> Bool {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try errors.read()
        } catch {
            return error.code == EAGAIN
        }
        lines.withLock { $0.append(bytes) }
        HostProcess.complain(bytes)
        return !bytes.isEmpty
    }

    /// Passes on what it says until it says so by itself, or has ended.
    func relayRest() {
        let deadline = ContinuousClock.now + .milliseconds(Self.lastWords)
        while .now < deadline {
            if HostProcess.wait(errors, nil, milliseconds: Self.step).first, !relay() { return }
        }
    }
}
