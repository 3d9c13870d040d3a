import MartletHTTPCore
import MartletTestSupport
import Testing

@testable import MartletDNS

/// Answers, good ones and those that were made to harm.
@Suite struct DNSResponseTests {
    private func read(_ answer: TestAnswer, _ query: DNSQuery = query("app.test")) -> DNSReply {
        DNSResponse.read(answer.message(to: query), to: query)
    }

    private func a(_ addresses: String...) -> [TestRecord] { addresses.map { .a("app.test", $0, ttl: 60) } }

    @Test func aMessageAsksOneQuestion() {
        let bytes = query("App.Test", .srv, id: 0x1234).message()
        #expect(bytes.prefix(12) == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1])
        #expect(Array(bytes[12..<26]) == [3] + Array("app".utf8) + [4] + Array("test".utf8) + [0, 0, 33, 0, 1])
        #expect(bytes.suffix(11) == [0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0], "EDNS: 1232 bytes")
        #expect(query("a.test").message(usesEDNS: false).count == bytes.count - 13)
        #expect(query("a.test").streamMessage().prefix(2) == [0, 35])
    }

    @Test func addressesAreFound() {
        let found = read(TestAnswer(a("10.0.0.1", "10.0.0.2")))
        #expect(found == .found(.addresses([address("10.0.0.1"), address("10.0.0.2")]), seconds: 60))
        let long = TestRecord.aaaa("app.test", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], ttl: 1 << 31)
        #expect(
            read(TestAnswer([long]), query("app.test", .aaaa))
                == .found(.addresses([address("2001:db8::1")]), seconds: 0))
        // A name is the same in capitals.
        #expect(
            read(TestAnswer([.a("APP.Test", "10.0.0.1", ttl: 9)]))
                == .found(.addresses([address("10.0.0.1")]), seconds: 9))
    }

    @Test func aliasesAreFollowedInAnyOrderAndNotForEver() {
        let records: [TestRecord] = [
            .a("c.test", "10.0.0.9", ttl: 60), .cname("b.test", "c.test", ttl: 5),
            .cname("app.test", "b.test", ttl: 99),
        ]
        #expect(read(TestAnswer(records)) == .found(.addresses([address("10.0.0.9")]), seconds: 5))
        let circle: [TestRecord] = [.cname("app.test", "b.test"), .cname("b.test", "app.test")]
        #expect(read(TestAnswer(circle)) == .failed(.tooManyAliases))
        let chain = (0..<9).map { TestRecord.cname($0 == 0 ? "app.test" : "n\($0).test", "n\($0 + 1).test") }
        #expect(read(TestAnswer(chain)) == .failed(.tooManyAliases))
        #expect(read(TestAnswer([.cname("app.test", "b.test", ttl: 3)])) == .nothing(nameExists: true, seconds: 3))
    }

    @Test func whatIsAboutOtherNamesIsNotBelieved() {
        let records = a("10.0.0.1") + [.a("bank.test", "10.6.6.6"), .a("xapp.test", "10.6.6.6")]
        #expect(read(TestAnswer(records)) == .found(.addresses([address("10.0.0.1")]), seconds: 60))
        #expect(read(TestAnswer([.a("bank.test", "10.6.6.6")])) == .nothing(nameExists: true, seconds: 5))
        // Nor what comes along with addresses.
        let answer = TestAnswer(a("10.0.0.1"), additional: a("10.6.6.6"))
        #expect(read(answer) == .found(.addresses([address("10.0.0.1")]), seconds: 60))
    }

    @Test func servicesComeWithTheAddressesOfTheirTargets() {
        let records: [TestRecord] = [
            .srv("_x._tcp.test", "one.test", port: 81, priority: 1, weight: 5),
            .srv("_x._tcp.test", "two.test", port: 82),
        ]
        let answer = TestAnswer(records, additional: [.a("one.test", "10.0.0.1", ttl: 7), .a("evil.test", "10.6.6.6")])
        guard case .found(.services(let services, let along), let seconds) = read(answer, query("_x._tcp.test", .srv))
        else { return #expect(Bool(false), "no services") }
        #expect(services.map(\.port) == [81, 82] && services[0].priority == 1 && services[0].weight == 5)
        #expect(along == [DNSQuestion(name: name("one.test"), type: .a): [address("10.0.0.1")]] && seconds == 0)
    }

    @Test func nothingIsSaidInSeveralWays() {
        #expect(read(TestAnswer(status: 3)) == .nothing(nameExists: false, seconds: 5))
        #expect(read(TestAnswer()) == .nothing(nameExists: true, seconds: 5))
        #expect(read(TestAnswer(status: 2)) == .failed(.status(2)))
        #expect(read(TestAnswer(isTruncated: true)) == .truncated)
        // How long nothing holds: the lesser of the SOA's time and its last number (RFC 2308).
        let soa = TestRecord.wire("ns.test") + TestRecord.wire("me.test") + [UInt8](repeating: 0, count: 18) + [0, 40]
        let record = TestRecord("test", type: 6, ttl: 900, content: soa)
        var message = TestAnswer(status: 3).message(to: query("app.test"))
        message[9] = 1
        #expect(
            DNSResponse.read(message + record.bytes, to: query("app.test")) == .nothing(nameExists: false, seconds: 40))
    }

    // MARK: Harm

    @Test func anAnswerToAnotherQuestionIsNone() {
        let good = TestAnswer(a("10.0.0.1"))
        let asked = query("app.test")
        #expect(DNSResponse.read(good.message(to: query("app.test", id: 8)), to: asked) == .failed(.foreign))
        #expect(DNSResponse.read(good.message(to: query("bpp.test")), to: asked) == .failed(.foreign))
        #expect(DNSResponse.read(good.message(to: query("app.test", .aaaa)), to: asked) == .failed(.foreign))
        for (place, value) in [(2, UInt8(1)), (2, 0x91), (5, 0), (5, 2), (12 + 10 + 3, 3)] {
            var message = good.message(to: asked)
            message[place] = value
            #expect(DNSResponse.read(message, to: asked) == .failed(.foreign), "byte \(place)")
        }
        // The question itself, sent back.
        #expect(DNSResponse.read(asked.message(), to: asked) == .failed(.foreign))
    }

    @Test func whateverIsCutIsMalformed() {
        let message = TestAnswer(
            [.cname("app.test", "b.test"), .a("b.test", "10.0.0.1")]).message(to: query("app.test"))
        for count in 0..<message.count {
            #expect(
                DNSResponse.read(Array(message[..<count]), to: query("app.test")) == .failed(.malformed), "\(count)")
        }
    }

    @Test func namesThatPointInCirclesOrForwardsEndTheReading() {
        let head = TestAnswer(a("10.0.0.1")).message(to: query("app.test")).prefix(12 + 14)
        for pointer in [[0xC0, 26], [0xC0, 28], [0xC0, 200], [0xFF, 0xFF], [0xC0], [0x40, 0], [0x80, 1]] as [[UInt8]] {
            let message = head + pointer + [0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4]
            #expect(DNSResponse.read(Array(message), to: query("app.test")) == .failed(.malformed), "\(pointer)")
        }
        // Back to the question is what servers do.
        let message = head + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4]
        #expect(
            DNSResponse.read(Array(message), to: query("app.test"))
                == .found(.addresses([address("1.2.3.4")]), seconds: 1))
    }

    @Test func namesAndRecordsHaveBounds() {
        let label = String(repeating: "a", count: 63)
        let long = [label, label, label, label].joined(separator: ".")
        #expect(DNSName(long) == nil && DNSName(String(repeating: "a", count: 64)) == nil)
        #expect(read(TestAnswer([.cname("app.test", long)])) == .failed(.malformed))
        // A chain of pointers that makes a long name of short ones.
        #expect(DNSName("a..b") == nil && DNSName("") == nil && DNSName(".") == nil && DNSName("a b") == nil)
        for wrong in [[1, 2, 3], [1, 2, 3, 4, 5], []] as [[UInt8]] {
            let record = TestRecord("app.test", type: 1, ttl: 1, content: wrong)
            #expect(read(TestAnswer([record])) == .failed(.malformed), "\(wrong.count) bytes")
        }
        let many = (0..<1_025).map { _ in TestRecord("t", type: 16, ttl: 0, content: []) }
        #expect(read(TestAnswer(many)) == .failed(.malformed))
    }

    @Test func namesAreShownWithoutWhatCommandsTerminals() {
        var reader = DNSReader([3, 0x1B, 0x5B, 0x6D, 4] + Array("test".utf8) + [0])
        let read = try? reader.name()
        #expect(read?.description == "??m.test" && read?.isWritable == false)
        #expect(name("A_b.Test.").description == "a_b.test" && name("a.b").isWritable)
    }
}
