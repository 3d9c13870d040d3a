// What is known of a child process, and the threads' work that fills it in.
import Glibc

/// What a child process has done so far.
struct ProcessRecord: Sendable {
    /// What was written to each stream. Text, so that nobody has to think of encodings; what is not UTF-8 is repaired.
    private var written: [[UInt8]] = [[], []]
    var hasEnded = [false, false]
    var exit: ChildProcess.Exit?

    /// More than this is read and forgotten: a program that writes for ever must not take all memory.
    private static let keptBytes = 16 << 20

    var isComplete: Bool { exit != nil && hasEnded == [true, true] }

    func text(_ stream: ChildProcess.Stream) -> String { String(decoding: written[stream.rawValue], as: UTF8.self) }

    /// Whether it has written this.
    func contains(_ text: String, _ stream: ChildProcess.Stream) -> Bool {
        written[stream.rawValue].place(of: Array(text.utf8)) != nil
    }

    mutating func append(_ bytes: [UInt8], to stream: ChildProcess.Stream) {
        if bytes.isEmpty { hasEnded[stream.rawValue] = true }
        if written[stream.rawValue].count < Self.keptBytes { written[stream.rawValue] += bytes }
    }

    /// For a failure's text: how the process ended and what it said.
    var summary: String {
        let state = exit.map { "it ended with \($0)" } ?? "it runs"
        return "\(state), wrote:\n\(text(.output))\nand to standard error:\n\(text(.errors))"
    }
}

extension Monitor where State == ProcessRecord {
    /// Keeps what comes until the end.
    func collect(_ stream: ChildProcess.Stream, from pipe: Descriptor) {
        while true {
            let bytes = (try? pipe.read()) ?? []
            change { $0.append(bytes, to: stream) }
            if bytes.isEmpty { return }
        }
    }

    /// Waits for the end of the process.
    func reap(_ id: pid_t) {
        // First only looked at: until the record has it, the id must stay taken.
        var info = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        change { record in
            var status: Int32 = 0
            unsafe waitpid(id, &status, 0)
            // The macros of wait(2), which Swift does not see.
            record.exit = status & 0x7f == 0 ? .code(status >> 8 & 0xff) : .signal(status & 0x7f)
        }
    }
}
