// Times as text.
import Foundation

enum Timestamps {
    /// An RFC 3339 time, as JSON has them; seconds since 1970.
    static func parse(_ text: String) -> Int64? {
        let plain = Date.ISO8601FormatStyle()
        let fraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? plain.parse(text)) ?? (try? fraction.parse(text)) else { return nil }
        return seconds(date)
    }

    /// An IMF-fixdate (RFC 9110 section 5.6.7); seconds since 1970.
    static func parseHTTP(_ text: String) -> Int64? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text).flatMap(seconds)
    }

    /// `nil` for what lies beyond the year 9999.
    private static func seconds(_ date: Date) -> Int64? {
        let seconds = date.timeIntervalSince1970
        return abs(seconds) < 253_402_300_800 ? Int64(seconds) : nil
    }

    /// For the log: `2026-03-01T12:00:00Z`.
    static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
