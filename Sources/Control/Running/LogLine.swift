// A line of the program's own log: what happened first, then what is known of it. Pure.
import Logging
import MartletTelemetry

/// How lines are written.
struct LogForm: Sendable, Equatable {
    enum Style: Sendable, Equatable {
        /// Time, level, message, and `key=value` behind it.
        case text
        /// For a terminal: the same, and the level has a colour.
        case coloured
        /// For systemd's journal, which has its own time and is told the level as a number (sd-daemon(3)).
        case journal
        /// An object in JSON.
        case json
    }

    let style: Style

    /// A line, with its end.
    /// - Parameter time: nanoseconds since 1970.
    func line(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, time: UInt64) -> String {
        let known = metadata.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        if style == .json { return Self.object(level, message, known, Self.text(of: time)) }
        var line: String
        switch style {
        case .journal: line = "<\(level.priority)>"
        case .coloured: line = "\(Self.text(of: time)) \u{1B}[\(level.colour)m\(level.rawValue)\u{1B}[0m "
        default: line = "\(Self.text(of: time)) \(level.rawValue) "
        }
        line += Self.plain(message)
        for (key, value) in known { line += " \(key)=\(Self.word(value))" }
        return line + "\n"
    }

    private static func object(
        _ level: Logger.Level, _ message: String, _ known: [(String, String)], _ time: String
    ) -> String {
        var line = "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"message\":\(quoted(message))"
        for (key, value) in known {
            let name = ["time", "level", "message"].contains(key) ? key + "_" : key
            line += ",\(quoted(name)):\(quoted(value))"
        }
        return line + "}\n"
    }

    private static func text(of time: UInt64) -> String {
        var buffer = LineBuffer(capacity: 32)
        let moment = CalendarTime(secondsSince1970: time / 1_000_000_000)
        buffer.write(rfc3339: moment, milliseconds: Int(time / 1_000_000 % 1_000))
        return String(decoding: buffer.copy(), as: UTF8.self)
    }

    /// A value as it is if it is one word, or else in quotes.
    private static func word(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "=" }
        return isPlain && !value.isEmpty ? value : quoted(value)
    }

    /// A message, in which nothing can end the line or steer a terminal.
    private static func plain(_ message: String) -> String {
        if message.unicodeScalars.allSatisfy({ !isControl($0) }) { return message }
        return message.unicodeScalars.reduce(into: "") { text, scalar in
            if isControl(scalar) { text += escape(scalar) } else { text.unicodeScalars.append(scalar) }
        }
    }

    /// In quotes, as JSON has it.
    private static func quoted(_ value: String) -> String {
        value.unicodeScalars.reduce(into: "\"") { text, scalar in
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case let scalar where isControl(scalar): text += escape(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        } + "\""
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}

extension Logger.Level {
    /// As syslog(3) has it.
    fileprivate var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }

    /// As terminals have it (ECMA-48 section 8.3.117).
    fileprivate var colour: Int {
        switch self {
        case .critical, .error: 31
        case .warning: 33
        case .notice: 32
        case .info: 36
        case .debug, .trace: 90
        }
    }
}
