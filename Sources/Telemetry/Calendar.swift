// Dates from seconds, without locale or time zone: UTC in the Gregorian calendar.

/// A moment in UTC, taken apart.
package struct CalendarTime: Equatable, Sendable, BitwiseCopyable {
    package let year: Int
    /// 1...12
    package let month: Int
    /// 1...31
    package let day: Int
    /// 0 is Sunday.
    package let weekday: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// - Parameter seconds: since 1970-01-01T00:00:00Z, not negative.
    package init(secondsSince1970 seconds: UInt64) {
        let days = Int(seconds / 86_400)
        let rest = Int(seconds % 86_400)
        hour = rest / 3_600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = (days + 4) % 7
        // Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var monthName: StaticString {
        switch month {
        case 1: "Jan"
        case 2: "Feb"
        case 3: "Mar"
        case 4: "Apr"
        case 5: "May"
        case 6: "Jun"
        case 7: "Jul"
        case 8: "Aug"
        case 9: "Sep"
        case 10: "Oct"
        case 11: "Nov"
        default: "Dec"
        }
    }

    package var weekdayName: StaticString {
        switch weekday {
        case 0: "Sun"
        case 1: "Mon"
        case 2: "Tue"
        case 3: "Wed"
        case 4: "Thu"
        case 5: "Fri"
        default: "Sat"
        }
    }
}

extension LineBuffer {
    /// RFC 3339 with milliseconds: 2026-01-31T23:59:59.123Z.
    package mutating func write(rfc3339 time: CalendarTime, milliseconds: Int) {
        write(rfc3339: time)
        write(milliseconds, width: 3)
        write(byte: 0x5A)
    }

    /// The same up to the point before the milliseconds.
    package mutating func write(rfc3339 time: CalendarTime) {
        write(time.year, width: 4)
        write(byte: 0x2D)
        write(time.month, width: 2)
        write(byte: 0x2D)
        write(time.day, width: 2)
        write(byte: 0x54)
        writeClock(time)
        write(byte: 0x2E)
    }

    /// As the combined log format has it: 31/Jan/2026:23:59:59 +0000.
    package mutating func write(combined time: CalendarTime) {
        write(time.day, width: 2)
        write(byte: 0x2F)
        write(time.monthName)
        write(byte: 0x2F)
        write(time.year, width: 4)
        write(byte: 0x3A)
        writeClock(time)
        write(" +0000")
    }

    /// IMF-fixdate (RFC 9110 section 5.6.7): Sun, 06 Nov 1994 08:49:37 GMT.
    package mutating func write(httpDate time: CalendarTime) {
        write(time.weekdayName)
        write(", ")
        write(time.day, width: 2)
        write(byte: 0x20)
        write(time.monthName)
        write(byte: 0x20)
        write(time.year, width: 4)
        write(byte: 0x20)
        writeClock(time)
        write(" GMT")
    }

    private mutating func writeClock(_ time: CalendarTime) {
        write(time.hour, width: 2)
        write(byte: 0x3A)
        write(time.minute, width: 2)
        write(byte: 0x3A)
        write(time.second, width: 2)
    }
}
