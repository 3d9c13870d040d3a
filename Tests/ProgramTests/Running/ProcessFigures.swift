// What the kernel tells of a process.
import Foundation
import MartletTestSupport

extension ChildProcess {
    /// The time that it has computed so far, in user and kernel mode together.
    func computingTime() throws -> Duration {
        let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        // Behind the name, which may have spaces and parentheses; utime and stime are fields 14 and 15 (proc(5)), and a
        // tick is 10 ms wherever Linux runs.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
            throw TestFailure("not a stat file: \(text)")
        }
        return .milliseconds(10 * (user + system))
    }

    /// The memory that is resident now, in KiB.
    func residentMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        guard let match = status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/), let kibibytes = Int(match.output.1) else {
            throw TestFailure("no VmRSS in \(status)")
        }
        return kibibytes
    }

    /// How many descriptors are open.
    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count }
}
