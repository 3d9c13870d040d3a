// What becomes of conditional requests, in the order of RFC 9110 section 13.2.2.
import MartletFiles
import Testing

@Suite struct FileConditionsTests {
    private let validators = FileValidators(tag: Array("\"a\"".utf8), modified: 784_111_777)
    private let same = "Sun, 06 Nov 1994 08:49:37 GMT"
    private let before = "Sun, 06 Nov 1994 08:49:36 GMT"
    private let now: Int64 = 1_800_000_000

    private func verdict(_ change: (inout FileConditions) -> Void) -> FileConditions.Verdict {
        var conditions = FileConditions()
        change(&conditions)
        return conditions.verdict(validators, now: now)
    }

    private func outcome(_ ifRange: String?, _ validators: FileValidators? = nil, now: Int64? = nil) -> RangeOutcome {
        var conditions = FileConditions()
        conditions.range = Array("bytes=0-0".utf8)
        conditions.ifRange = ifRange.map { Array($0.utf8) }
        return conditions.outcome(validators ?? self.validators, size: 10, now: now ?? self.now)
    }

    @Test func withoutConditions() { #expect(verdict { _ in } == .proceed) }

    @Test func ifMatch() {
        #expect(verdict { $0.ifMatch = Array("\"a\"".utf8) } == .proceed)
        #expect(verdict { $0.ifMatch = Array("*".utf8) } == .proceed)
        #expect(verdict { $0.ifMatch = Array("\"b\", \"a\"".utf8) } == .proceed)
        #expect(verdict { $0.ifMatch = Array("\"b\"".utf8) } == .failed)
        #expect(verdict { $0.ifMatch = Array("W/\"a\"".utf8) } == .failed)
        #expect(verdict { $0.ifMatch = [] } == .failed)
        // It comes before the date, which is not looked at.
        #expect(
            verdict {
                $0.ifMatch = Array("\"a\"".utf8)
                $0.ifUnmodifiedSince = Array(before.utf8)
            } == .proceed)
    }

    @Test func ifUnmodifiedSince() {
        #expect(verdict { $0.ifUnmodifiedSince = Array(same.utf8) } == .proceed)
        #expect(verdict { $0.ifUnmodifiedSince = Array(before.utf8) } == .failed)
        #expect(verdict { $0.ifUnmodifiedSince = Array("yesterday".utf8) } == .proceed)
    }

    @Test func ifNoneMatch() {
        #expect(verdict { $0.ifNoneMatch = Array("\"a\"".utf8) } == .notModified)
        #expect(verdict { $0.ifNoneMatch = Array("W/\"a\"".utf8) } == .notModified)
        #expect(verdict { $0.ifNoneMatch = Array(" * ".utf8) } == .notModified)
        #expect(verdict { $0.ifNoneMatch = Array("\"b\",,W/\"c\" , \"a\"".utf8) } == .notModified)
        #expect(verdict { $0.ifNoneMatch = Array("\"b\"".utf8) } == .proceed)
        #expect(verdict { $0.ifNoneMatch = Array("a".utf8) } == .proceed)
        #expect(verdict { $0.ifNoneMatch = Array("\"a".utf8) } == .proceed)
        // The date beside it does not count.
        #expect(
            verdict {
                $0.ifNoneMatch = Array("\"b\"".utf8)
                $0.ifModifiedSince = Array(same.utf8)
            } == .proceed)
        // What must be so comes before what must not.
        #expect(
            verdict {
                $0.ifMatch = Array("\"b\"".utf8)
                $0.ifNoneMatch = Array("\"a\"".utf8)
            } == .failed)
    }

    @Test func ifModifiedSince() {
        #expect(verdict { $0.ifModifiedSince = Array(same.utf8) } == .notModified)
        #expect(verdict { $0.ifModifiedSince = Array(before.utf8) } == .proceed)
        #expect(verdict { $0.ifModifiedSince = Array("0".utf8) } == .proceed)
    }

    @Test func ifRange() {
        let part = RangeOutcome.slices([FileSlice(start: 0, count: 1)])
        #expect(outcome(nil) == part)
        #expect(outcome("\"a\"") == part)
        #expect(outcome("W/\"a\"") == .whole)
        #expect(outcome("\"b\"") == .whole)
        #expect(outcome("\"b\", \"a\"") == .whole)
        #expect(outcome("*") == .whole)
        #expect(outcome(same) == part)
        #expect(outcome(before) == .whole)
        #expect(outcome("Sun, 06 Nov 1994 08:49:38 GMT") == .whole)
        // Within the second of the change a date tells nothing.
        #expect(outcome(same, now: 784_111_777) == .whole)
        #expect(outcome(same, FileValidators(tag: Array("\"a\"".utf8), modified: nil)) == .whole)
    }
}

@Suite struct FileDateTests {
    private func seconds(_ text: String, now: Int64 = 1_800_000_000) -> Int64? {
        FileDate.seconds(text.utf8.span, now: now)
    }

    @Test func threeForms() {
        #expect(seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(seconds("Sunday, 06-Nov-94 08:49:37 GMT") == 784_111_777)
        #expect(seconds("Sun Nov  6 08:49:37 1994") == 784_111_777)
        #expect(seconds("sun, 06 nov 1994 08:49:37 gmt") == 784_111_777)
    }

    @Test func edges() {
        #expect(seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(seconds("Wed, 31 Dec 1969 23:59:59 GMT") == -1)
        #expect(seconds("Tue, 29 Feb 2000 00:00:00 GMT") == 951_782_400)
        #expect(seconds("Fri, 31 Dec 9999 23:59:60 GMT") == 253_402_300_799)
        #expect(seconds("Thursday, 01-Jan-70 00:00:00 GMT") == 3_155_760_000)
        #expect(seconds("Friday, 31-Dec-99 00:00:00 GMT") == 946_598_400)
    }

    @Test(arguments: [
        "", "Sun", "Sun,", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT x", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nxv 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT", "784111777",
        "Sun Nov 6 08:49:37 1994 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    ])
    func noDates(_ text: String) { #expect(seconds(text) == nil) }
}
