import MartletTestSupport
import Testing

@testable import MartletDNS

/// Whom a look-up asks, and when it gives up.
@Suite struct DNSLookupTests {
    private func lookup(_ resolvers: Int = 2, first: Int = 0) -> DNSLookup {
        var settings = DNSSettings()
        settings.rounds = 2
        return DNSLookup(name("app.test"), .a, resolvers: (resolvers, first), settings, id: 1)
    }

    private func good(_ id: UInt16) -> [UInt8] {
        TestAnswer([.a("app.test", "10.0.0.1", ttl: 4)]).message(to: query("app.test", id: id))
    }

    private let answer = DNSLookup.Action.finish(.found(.addresses([address("10.0.0.1")]), seconds: 4))

    @Test func theAnswerEndsIt() {
        var lookup = lookup()
        #expect(lookup.start() == .sendDatagram(resolver: 0, query("app.test", id: 1).message()))
        #expect(lookup.received(good(1), id: 2) == answer)
    }

    @Test func datagramsOfOthersAreNoAnswer() {
        var lookup = lookup()
        _ = lookup.start()
        #expect(lookup.received(good(9), id: 2) == .wait)
        #expect(lookup.received([], id: 2) == .wait)
        #expect(lookup.received(Array(good(1).dropLast()), id: 2) == .wait)
        #expect(lookup.received(good(1), id: 2) == answer, "the true one comes behind them")
    }

    @Test func allResolversAreTriedInTurnAndWithOtherNumbers() {
        var lookup = lookup(3, first: 2)
        var asked: [Int] = []
        var action = lookup.start()
        var id: UInt16 = 1
        while case .sendDatagram(let resolver, let message) = action {
            asked.append(resolver)
            #expect(message == query("app.test", id: id).message())
            id += 1
            action = id.isMultiple(of: 2) ? lookup.timedOut(id: id) : lookup.failed(id: id)
        }
        #expect(asked == [2, 0, 1, 2, 0, 1])
        #expect(action == .finish(.failed(.timedOut)) || action == .finish(.failed(.unreachable)))
    }

    @Test func whatAResolverSaysIsMoreThanSilence() {
        var lookup = lookup(1)
        _ = lookup.start()
        let failure = TestAnswer(status: 2).message(to: query("app.test", id: 1))
        #expect(lookup.received(failure, id: 2) == .sendDatagram(resolver: 0, query("app.test", id: 2).message()))
        #expect(lookup.timedOut(id: 3) == .finish(.failed(.status(2))))
    }

    @Test func moreThanADatagramHoldsComesOnAStream() {
        var lookup = lookup(2)
        _ = lookup.start()
        let cut = TestAnswer(isTruncated: true)
        #expect(
            lookup.received(cut.message(to: query("app.test", id: 1)), id: 2)
                == .openStream(resolver: 0, query("app.test", id: 2).streamMessage()))
        #expect(lookup.received(good(2), id: 3) == answer)
        // A stream that is cut as well, or says something else, is of no use.
        for wrong in [cut.message(to: query("app.test", id: 2)), good(7), [1, 2, 3]] {
            var lookup = self.lookup(2)
            _ = lookup.start()
            _ = lookup.received(cut.message(to: query("app.test", id: 1)), id: 2)
            #expect(
                lookup.received(wrong, id: 3) == .sendDatagram(resolver: 1, query("app.test", id: 3).message()))
        }
    }

    @Test func whoDoesNotKnowEDNSIsAskedWithout() {
        var lookup = lookup(1)
        _ = lookup.start()
        let refusal = TestAnswer(status: 1).message(to: query("app.test", id: 1))
        #expect(
            lookup.received(refusal, id: 2)
                == .sendDatagram(resolver: 0, query("app.test", id: 2).message(usesEDNS: false)))
        #expect(lookup.received(good(2), id: 3) == answer)
    }

    @Test func aMessageOnAStreamComesInPieces() {
        let message = good(1)
        let whole = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
        for cut in 0..<whole.count {
            var stream = DNSMessageStream()
            #expect(stream.append(Array(whole[..<cut])) == nil)
            #expect(stream.append(Array(whole[cut...]) + [1, 2]) == message)
        }
    }

    @Test func resolvConfHasTheResolvers() {
        let text = """
            # generated
            search example.com
            nameserver 10.0.0.2
            nameserver\tfe80::1%eth0
            ; nameserver 10.0.0.9
            nameserver nonsense
            nameserver 10.0.0.3
            nameserver 10.0.0.4
            """
        #expect(ResolverFile(text).servers == ["10.0.0.2", "fe80::1", "10.0.0.3"].map { address($0) })
        #expect(ResolverFile("").servers == [address("127.0.0.1")])
    }
}
