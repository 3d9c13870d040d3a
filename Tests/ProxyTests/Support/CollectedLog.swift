// The access log of a proxy under test.
import Foundation
import MartletProxy
import MartletTestSupport

/// A line of the access log, as a program reads it.
struct LogLine: Decodable, Equatable, Sendable {
    var status: Int
    var bytes: Int
    var requestId: String
    var method: String?
    var target: String?
    var upstream: String?
    var server: String?
    var error: String?
    var side: String?
    var phase: String?
    var ttfbUs: Int?
    /// Of tunnels.
    var client: String?
    var listener: String?
    var serverName: String?
    var bytesIn: Int?
    /// Of requests that were upgraded.
    var upgrade: String?
}

/// Keeps every batch that it is given.
final class CollectedLog: AccessLogSink {
    private let batches = Monitor<[(bytes: [UInt8], lines: Int)]>([])
    /// Whether batches are taken; refused ones are not kept.
    private let accepts: Bool

    init(accepts: Bool = true) { self.accepts = accepts }

    func submit(_ batch: [UInt8], lines: Int) -> Bool {
        if accepts { batches.change { $0.append((batch, lines)) } }
        return accepts
    }

    /// How many lines each batch was said to have.
    var counts: [Int] { batches.value.map(\.lines) }

    /// All lines so far.
    var lines: [String] { Self.lines(batches.value) }

    private static func lines(_ batches: [(bytes: [UInt8], lines: Int)]) -> [String] {
        let text = String(decoding: batches.flatMap(\.bytes), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits until there are `count` lines or more.
    func wait(for count: Int) throws {
        if batches.wait(for: { Self.lines($0).count >= count ? true : nil }) == nil {
            throw TestFailure("only \(lines.count) lines: \(lines)")
        }
    }

    /// All lines so far, parsed strictly.
    func parsed() throws -> [LogLine] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try lines.map { try decoder.decode(LogLine.self, from: Data($0.utf8)) }
    }
}
