import MartletTelemetry
import Testing

@Suite struct CalendarTests {
    /// Seconds, and what date(1) says of them.
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (86_399, "Thu, 01 Jan 1970 23:59:59 GMT"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func knownDates(_ seconds: UInt64, text: String) {
        #expect(written { $0.write(httpDate: CalendarTime(secondsSince1970: seconds)) } == text)
    }

    /// Day after day for eight hundred years, beside the rule that everybody knows.
    @Test func everyDayFollowsTheOther() {
        var (year, month, day, weekday) = (1970, 1, 1, 4)
        for number in 0..<292_194 {
            let time = CalendarTime(secondsSince1970: UInt64(number) * 86_400 + 43_200)
            if (time.year, time.month, time.day, time.weekday) != (year, month, day, weekday) {
                Issue.record("day \(number) is \(time), not \(year)-\(month)-\(day)")
                return
            }
            weekday = (weekday + 1) % 7
            day += 1
            if day > days(month, year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(year == 2770)
    }

    private func days(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    @Test func theTimeOfDay() {
        for seconds in stride(from: UInt64(0), to: 86_400, by: 61) {
            let time = CalendarTime(secondsSince1970: 1_000_000 * 86_400 + seconds)
            #expect(UInt64(time.hour * 3_600 + time.minute * 60 + time.second) == seconds)
            #expect(time.hour < 24 && time.minute < 60 && time.second < 60)
        }
    }

    @Test func theFormatsOfLogs() {
        let time = CalendarTime(secondsSince1970: 1_769_903_999)
        #expect(written { $0.write(rfc3339: time, milliseconds: 7) } == "2026-01-31T23:59:59.007Z")
        #expect(written { $0.write(combined: time) } == "31/Jan/2026:23:59:59 +0000")
    }

    @Test func allNames() {
        let months = (1...12).map { month in
            written { $0.write(CalendarTime(secondsSince1970: UInt64(month) * 2_629_746 - 1_300_000).monthName) }
        }
        #expect(months == ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
        let weekdays = (3..<10).map { day in
            written { $0.write(CalendarTime(secondsSince1970: UInt64(day) * 86_400).weekdayName) }
        }
        #expect(weekdays == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"])
    }
}
