// How long is waited between two looks.
import Testing

@testable import MartletCertificates

struct PollingTests {
    @Test("without a word of the authority, looks are quick at first, and five seconds apart at last")
    func alone() {
        var polling = Polling(start: 0)
        let waits = (0..<10).compactMap { _ in polling.delay(retryAfter: nil, now: 1) }
        #expect(waits.prefix(3) == [.milliseconds(50), .milliseconds(100), .milliseconds(200)])
        #expect(waits.last == .seconds(5))
    }

    @Test(
        "Retry-After is followed from the first look on, up to a minute, and never shortens what is waited anyway",
        arguments: [(0, .milliseconds(50)), (3, .seconds(3)), (60, .seconds(60)), (3_600, .seconds(60))]
            as [(Int64, Duration)])
    func followed(retryAfter: Int64, wanted: Duration) {
        var polling = Polling(start: 0)
        #expect(polling.delay(retryAfter: retryAfter, now: 0) == wanted)
    }

    @Test("it ends after ten minutes")
    func end() {
        var polling = Polling(start: 100)
        #expect(polling.delay(retryAfter: 60, now: 690) == .seconds(10))
        #expect(polling.delay(retryAfter: nil, now: 699) != nil)
        #expect(polling.delay(retryAfter: nil, now: 700) == nil)
    }
}
