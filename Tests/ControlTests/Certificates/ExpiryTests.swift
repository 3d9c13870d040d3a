import Testing

@testable import MartletControl

@Suite struct ExpiryTests {
    private static let day: Int64 = 86_400

    private static func lifetime(_ days: Int64, name: String = "a.test") -> Lifetime {
        Lifetime(name: name, keyType: "ECDSA P-256", notBefore: 1_000_000, notAfter: 1_000_000 + days * day)
    }

    @Test(
        arguments: [
            // A year: a word is said two weeks before.
            (365, -1, .notYetValid), (365, 0, .good), (365, 350 * 86_400, .good), (365, 351 * 86_400, .good),
            (365, 351 * 86_400 + 1, .expiresSoon), (365, 365 * 86_400, .expiresSoon), (365, 365 * 86_400 + 1, .expired),
            // Ten days: a fifth of it.
            (10, 8 * 86_400, .good), (10, 8 * 86_400 + 1, .expiresSoon), (10, 10 * 86_400 + 1, .expired),
        ] as [(Int64, Int64, Lifetime.State)])
    func lifetimesHaveStates(days: Int64, age: Int64, state: Lifetime.State) {
        #expect(Self.lifetime(days).state(at: 1_000_000 + age) == state)
    }

    @Test func itIsSaidOnceADay() {
        var reminder = ExpiryReminder()
        let end: Int64 = 1_000_000 + 100 * Self.day
        let all = [("web", Self.lifetime(100)), ("db", Self.lifetime(900))].map { (owner: $0.0, lifetime: $0.1) }
        func said(_ now: Int64) -> [String] { reminder.due(all, now: now).map { "\($0.owner) \($0.state)" } }
        #expect(said(end - 20 * Self.day) == [])
        #expect(said(end - 10 * Self.day) == ["web expiresSoon"])
        #expect(said(end - 10 * Self.day + 1) == [])
        #expect(said(end - 9 * Self.day - 1) == [])
        #expect(said(end - 9 * Self.day) == ["web expiresSoon"])
        #expect(said(end + 1) == ["web expired"])
        #expect(said(end + 2) == [])
        #expect(said(end + 1 + Self.day) == ["web expired"])
    }

    @Test func aNewCertificateBeginsAnew() {
        var reminder = ExpiryReminder()
        let old = (owner: "web", lifetime: Self.lifetime(10))
        let new = (owner: "web", lifetime: Self.lifetime(11))
        let now: Int64 = 1_000_000 + 9 * Self.day + 86_399
        #expect(reminder.due([old], now: now).count == 1)
        #expect(reminder.due([new], now: now).count == 1)
        #expect(reminder.due([old], now: now).count == 1, "and it is not remembered for ever")
        #expect(reminder.due([old, old], now: now).isEmpty)
    }

    @Test(
        arguments: [
            (0, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (3_599, "59 minutes"),
            (3_600, "1 hour"), (86_400, "24 hours"), (172_799, "47 hours"), (172_800, "2 days"), (-5, "0 seconds"),
        ] as [(Int64, String)])
    func spansAreReadable(seconds: Int64, text: String) { #expect(TimeText.span(seconds) == text) }

    @Test func datesAreInUTC() {
        #expect(TimeText.date(0) == "1970-01-01T00:00:00Z")
        #expect(TimeText.date(1_795_928_645) == "2026-11-29T05:04:05Z")
    }
}
