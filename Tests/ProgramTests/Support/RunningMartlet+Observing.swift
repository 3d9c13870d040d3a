// What can be seen of the proxy from outside: its log, its counters, its memory.
import Foundation
import MartletTestSupport
import Synchronization

/// A line of the access log in the JSON format.
struct AccessLogLine: Sendable {
    let values: [String: String]

    init(_ line: some StringProtocol) throws {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        guard let object = object as? [String: Any] else { throw TestFailure("not a JSON object: \(line)") }
        values = object.mapValues { "\($0)" }
    }

    /// The value of a key, numbers as text.
    subscript(_ key: String) -> String? { values[key] }
}

extension RunningMartlet {
    /// The lines of the access log on the standard output that are complete. They come up to 100 ms after the response;
    /// after `stop` all are there.
    var accessLog: [AccessLogLine] {
        get throws {
            // What stands behind the last line end is a line that is still being written.
            try process.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
                try AccessLogLine($0)
            }
        }
    }

    /// Waits for the line of a request with this target.
    func accessLogLine(target: String) throws -> AccessLogLine {
        var found: AccessLogLine?
        try eventually("a log line for \(target)") {
            found = try accessLog.first { $0["target"] == target }
            return found != nil
        }
        guard let found else { throw TestFailure("no log line for \(target)") }
        return found
    }

    /// Asks the admin listener; the config must have one on a port. One connection serves all questions.
    func admin(_ path: String) throws -> HTTPResponse {
        try adminSocket.withLock { socket in
            let connection = try socket ?? connect(to: "admin")
            socket = connection
            return try connection.exchange("GET " + path, ["Host: localhost", Configs.bearer])
        }
    }

    /// The metrics by name and labels as they are written: `martlet_requests_total`, `martlet_errors_total{status="404"}`.
    var metrics: [String: Double] {
        get throws {
            var metrics: [String: Double] = [:]
            for line in try admin("/metrics").content.lines where line.utf8.first != UInt8(ascii: "#") {
                guard let space = line.utf8.lastIndex(of: UInt8(ascii: " ")) else { continue }
                metrics[String(line[..<space])] = Double(line[line.utf8.index(after: space)...])
            }
            return metrics
        }
    }

    /// One of them, without looking at the others; `nil` when it is not there.
    func metric(_ name: String) throws -> Double? {
        let text = Array("\n".utf8) + (try admin("/metrics").content)
        let start = Array("\n\(name) ".utf8)
        guard let place = text.place(of: start), let end = text.place(of: [0x0A], from: place + 1) else { return nil }
        return Double(String(decoding: text[(place + start.count)..<end], as: UTF8.self))
    }

    /// Waits until a metric has a value.
    func waitForMetric(_ name: String, _ value: Double, _ limit: Duration = .seconds(10)) throws {
        var last: Double?
        do {
            try eventually(name, limit) {
                last = try metric(name)
                return last == value
            }
        } catch {
            throw TestFailure("\(name) is \(last.map { "\($0)" } ?? "not there"), not \(value); \(error)")
        }
    }

    /// How many descriptors are open.
    func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.id)/fd").count
    }

    /// The most memory that has been resident so far, in KiB.
    func peakMemory() throws -> Int { try memory("VmHWM:") }

    /// The memory that is resident now, in KiB.
    func memory() throws -> Int { try memory("VmRSS:") }

    private func memory(_ key: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.id)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
        guard let text = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first,
            let kibibytes = Int(text)
        else { throw TestFailure("no \(key) in \(status)") }
        return kibibytes
    }
}

/// Waits for what another process does not announce: asks again and again until it is so.
func eventually(_ what: String, _ limit: Duration = .seconds(10), _ isSo: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while try !isSo() {
        if ContinuousClock.now > deadline { throw TestFailure("\(what): not after \(limit)") }
        // A breath between two questions, so that they do not take the time of what they wait for; nobody will change
        // this monitor.
        _ = Monitor(false).wait(pause) { $0 ? true : nil }
        pause = min(pause * 2, .milliseconds(32))
    }
}
