// Times as people read them.
import MartletTelemetry

/// Points in time and spans of it, as text.
enum TimeText {
    /// As RFC 3339 writes it, in UTC: `2026-11-29T05:00:00Z`.
    static func date(_ seconds: Int64) -> String {
        let time = CalendarTime(secondsSince1970: UInt64(max(0, seconds)))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(time.year)-\(two(time.month))-\(two(time.day))"
        return "\(day)T\(two(time.hour)):\(two(time.minute)):\(two(time.second))Z"
    }

    /// In the largest unit that makes sense: `13 days`, `1 hour`.
    static func span(_ seconds: Int64) -> String {
        let units: [(name: String, seconds: Int64)] = [("day", 86_400), ("hour", 3_600), ("minute", 60)]
        for unit in units where seconds >= 2 * unit.seconds || unit.name == "hour" && seconds >= unit.seconds {
            let count = seconds / unit.seconds
            return "\(count) \(unit.name)\(count == 1 ? "" : "s")"
        }
        return "\(max(0, seconds)) second\(seconds == 1 ? "" : "s")"
    }
}
