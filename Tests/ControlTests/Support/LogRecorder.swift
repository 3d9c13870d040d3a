import Foundation
import Logging
import MartletTestSupport

/// A log that keeps what it is told.
final class LogRecorder: Sendable {
    private let entries = Monitor<[(text: String, metadata: Logger.Metadata)]>([])

    /// As `level: message`.
    var messages: [String] { entries.change { $0.map(\.text) } }
    /// That of the last message.
    var metadata: [String: String] {
        entries.change { $0.last?.metadata.mapValues { "\($0)" } } ?? [:]
    }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(recorder: self) }
        logger.logLevel = .trace
        return logger
    }

    private func add(_ text: String, _ metadata: Logger.Metadata) {
        entries.change { $0.append((text, metadata)) }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(recorder: LogRecorder) { self.recorder = recorder }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { recorder.add("\(event.level): \(event.message)", event.metadata ?? [:]) }
    }
}

/// Writes a file, in place of what was there.
func write(_ content: [UInt8], to path: String) throws { try Data(content).write(to: URL(filePath: path)) }
