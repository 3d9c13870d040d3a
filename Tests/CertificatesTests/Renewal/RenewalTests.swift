// When certificates are renewed, and tried for again.
import MartletTestSupport
import Testing

@testable import MartletCertificates

struct RenewalTests {
    private static let day: Int64 = 86_400

    @Test(
        "at two thirds of life, give or take a twentieth; the same seed gives the same time",
        arguments: 0..<200 as Range<UInt64>)
    func twoThirds(seed: UInt64) {
        let time = RenewalSchedule(seed: seed).renewal(notBefore: 1_000, notAfter: 1_000 + 90 * Self.day)
        let days = Double(time - 1_000) / Double(Self.day)
        #expect(days >= 60 - 4.5 && days <= 60 + 4.5)
        #expect(time == RenewalSchedule(seed: seed).renewal(notBefore: 1_000, notAfter: 1_000 + 90 * Self.day))
    }

    @Test("the jitter spreads")
    func spread() {
        let times = (0..<200 as Range<UInt64>).map {
            RenewalSchedule(seed: $0).renewal(notBefore: 0, notAfter: 90 * Self.day)
        }
        let (first, last) = (times.min() ?? 0, times.max() ?? 0)
        #expect(last - first > 8 * Self.day && Set(times).count > 190)
    }

    @Test("in the authority's window", arguments: 0..<50 as Range<UInt64>)
    func window(seed: UInt64) {
        let time = RenewalSchedule(seed: seed).renewal(start: 5_000, end: 9_000)
        #expect((5_000...9_000).contains(time))
    }

    @Test("failures wait a minute, twice as long each time, and six hours at most; success starts over")
    func backOff() {
        var schedule = RenewalSchedule(seed: 7)
        var wanted: Int64 = 60
        for _ in 0..<12 {
            let wait = schedule.failed(now: 1_000) - 1_000
            #expect(Double(wait) >= Double(wanted) * 0.89 && Double(wait) <= Double(wanted) * 1.11)
            wanted = min(wanted * 2, 6 * 3_600)
        }
        #expect(schedule.failures == 12)
        schedule.succeeded()
        #expect(schedule.failed(now: 0) <= 66)
    }

    @Test("the authority's wish to be left alone is followed, however long")
    func retryAfter() {
        var schedule = RenewalSchedule(seed: 1)
        #expect(schedule.failed(now: 0, retryAfter: 7 * Self.day) == 7 * Self.day)
        #expect(schedule.failed(now: 0, retryAfter: 1) >= 100)
    }

    @Test("the authority's renewal information is read, and asked for again when it says so")
    func renewalInformation() throws {
        let response = ScriptedAuthority.json(
            """
            {"suggestedWindow": {"start": "2025-01-02T04:00:00Z", "end": "2025-01-03T04:00:00.5Z"},
            "explanationURL": "https://ca.test/why"}
            """, ["retry-after": "21600"])
        let info = try RenewalInfo(response, url: "u", now: 0)
        #expect(info.start == 1_735_790_400 && info.end == info.start + Self.day)
        #expect(info.explanation == "https://ca.test/why" && info.askAgainAfter == 21_600)
    }

    @Test(
        "renewal information that makes no sense is refused",
        arguments: [
            "{}", #"{"suggestedWindow": {"start": "x", "end": "y"}}"#,
            #"{"suggestedWindow": {"start": "2025-01-03T04:00:00Z", "end": "2025-01-02T04:00:00Z"}}"#,
        ])
    func strangeInformation(text: String) {
        #expect(throws: AcmeError.self) { try RenewalInfo(ScriptedAuthority.json(text), url: "u", now: 0) }
    }

    @Test("the id of RFC 9773's own example")
    func renewalID() throws {
        // The certificate of appendix A.
        let pem = """
            -----BEGIN CERTIFICATE-----
            MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
            cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
            BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
            7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
            qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
            yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
            +FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
            -----END CERTIFICATE-----
            """
        let certificate = try IssuedCertificate(pem: Array(pem.utf8))
        #expect(certificate.renewalID == "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE")
    }
}
