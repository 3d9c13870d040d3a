// Dates of HTTP (RFC 9110 section 5.6.7). Pure.
import MartletHTTPCore

/// Reads dates of HTTP, in the one form that is written today and the two that are obsolete.
package enum FileDate {
    private static var months: [StaticString] {
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    }

    /// Seconds since 1970; `nil` for what is no date.
    /// - Parameter now: seconds since 1970, by which two digits of a year are understood.
    package static func seconds(_ text: Span<UInt8>, now: Int64) -> Int64? {
        var parts = Parts(text)
        guard let weekday = parts.word() else { return nil }
        // asctime: "Sun Nov  6 08:49:37 1994"
        if !parts.skip(0x2C) {
            guard weekday == 3, let month = parts.month(), let day = parts.number(1...2), let time = parts.time(),
                let year = parts.number(4...4), parts.isAtEnd
            else { return nil }
            return seconds(year, month, day, time)
        }
        // RFC 850: "Sunday, 06-Nov-94 08:49:37 GMT"; or IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT"
        guard let day = parts.number(2...2) else { return nil }
        let isOld = parts.skip(0x2D)
        guard let month = parts.month() else { return nil }
        if isOld && !parts.skip(0x2D) { return nil }
        guard var year = parts.number(isOld ? 2...2 : 4...4), let time = parts.time(), parts.isZone() else {
            return nil
        }
        if isOld { year = fullYear(year, now) }
        return seconds(year, month, day, time)
    }

    /// A year of two digits that seems to be more than 50 years ahead is the last one that ends so.
    private static func fullYear(_ year: Int, _ now: Int64) -> Int {
        let current = 1970 + Int(now / 31_556_952)
        var full = current - current % 100 + year
        if full > current + 50 { full -= 100 }
        return full
    }

    private static func seconds(_ year: Int, _ month: Int, _ day: Int, _ time: Int) -> Int64? {
        guard year >= 1600, (1...days(in: month, year)).contains(day) else { return nil }
        // Howard Hinnant, "chrono-compatible low-level date algorithms": days_from_civil.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468) * 86_400 + Int64(time)
    }

    private static func days(in month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A date, piece by piece, with one blank or more between them.
    private struct Parts: ~Escapable {
        private let text: Span<UInt8>
        private var index = 0

        @_lifetime(copy text)
        init(_ text: Span<UInt8>) { self.text = text }

        var isAtEnd: Bool { index == text.count }

        /// The length of the letters that come next.
        mutating func word() -> Int? {
            let start = index
            while index < text.count && isLetter(text[index]) { index += 1 }
            return index == start ? nil : index - start
        }

        private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(ByteScan.lowercased(byte)) }

        mutating func skip(_ byte: UInt8) -> Bool {
            if index == text.count || text[index] != byte { return false }
            index += 1
            return true
        }

        private mutating func skipBlanks() { while skip(0x20) {} }

        /// 1...12
        mutating func month() -> Int? {
            skipBlanks()
            let start = index
            guard word() == 3 else { return nil }
            for (place, name) in FileDate.months.enumerated()
            where ByteScan.equals(text.extracting(start..<index), lowercase: name) {
                return place + 1
            }
            return nil
        }

        mutating func number(_ digits: ClosedRange<Int>) -> Int? {
            skipBlanks()
            let start = index
            var value = 0
            while index < text.count, index - start < digits.upperBound, (0x30...0x39).contains(text[index]) {
                value = value * 10 + Int(text[index] - 0x30)
                index += 1
            }
            return index - start < digits.lowerBound ? nil : value
        }

        /// Seconds of the day. A leap second is the one before it.
        mutating func time() -> Int? {
            guard let hour = number(2...2), skip(0x3A), let minute = number(2...2), skip(0x3A),
                let second = number(2...2), hour < 24, minute < 60, second <= 60
            else { return nil }
            return hour * 3_600 + minute * 60 + min(second, 59)
        }

        /// "GMT" and nothing behind it.
        mutating func isZone() -> Bool {
            skipBlanks()
            let rest = text.extracting(index..<text.count)
            return ByteScan.equals(rest, lowercase: "gmt")
        }
    }
}
