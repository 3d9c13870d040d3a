import MartletHTTPCore
import Testing

@testable import MartletDNS

/// A name that may stand for several.
@Suite struct NameSearchTests {
    private static let names = ["app.one.test", "app.two.test", "app"].map { name($0) }
    private static let missing = DNSReply.nothing(nameExists: false, seconds: 30)

    private func watch(_ kind: DiscoveryKind = .addresses(v4: true, v6: false, port: 80)) -> NameWatch {
        NameWatch(Self.names, kind, DiscoveryRules())
    }

    private func found(_ last: Int) -> DNSReply { .found(.addresses([address("10.0.0.\(last)")]), seconds: 10) }

    private func servers(_ last: Int) -> DiscoveryOutcome {
        .changed([DiscoveredServer(address: address("10.0.0.\(last)"), port: 80)], leftOut: 0)
    }

    /// Gives the replies one after the other; which names were asked for, and what has come of it.
    private func round(_ watch: inout NameWatch, _ replies: [DNSReply]) -> (asked: [String], outcome: DiscoveryOutcome)
    {
        var asked: [String] = []
        var questions = watch.begin()
        var outcome = DiscoveryOutcome.unfinished
        for reply in replies {
            #expect(questions.count == 1 && outcome == .unfinished)
            asked += questions.map(\.name.description)
            (questions, outcome) = watch.note(reply, to: questions[0], now: 0)
        }
        #expect(questions.isEmpty && outcome != .unfinished && !watch.isBusy)
        return (asked, outcome)
    }

    @Test func theFirstThatIsThereCounts() {
        var watch = watch()
        let first = round(&watch, [Self.missing, found(2)])
        #expect(first.asked == ["app.one.test", "app.two.test"] && first.outcome == servers(2))
        #expect(round(&watch, [found(1)]).outcome == servers(1), "one that comes before it")
        var other = self.watch()
        let nothing = DNSReply.nothing(nameExists: true, seconds: 30)
        #expect(round(&other, [nothing, Self.missing, found(3)]).outcome == servers(3), "no address is nothing")
        var last = self.watch()
        #expect(round(&last, [Self.missing, Self.missing, Self.missing]).outcome == .unchanged)
    }

    /// A resolver that has just started says that there is nothing: another name must not take its place at once.
    @Test func serversAreNotExchangedForThoseOfALaterName() {
        var watch = watch()
        #expect(round(&watch, [found(1)]).outcome == servers(1))
        for _ in 0..<2 { #expect(round(&watch, [Self.missing]).outcome == .doubted) }
        #expect(round(&watch, [found(1)]).outcome == .unchanged)
        for _ in 0..<2 { #expect(round(&watch, [Self.missing]).outcome == .doubted) }
        let third = round(&watch, [Self.missing, found(2)])
        #expect(third.asked == ["app.one.test", "app.two.test"] && third.outcome == servers(2))
        // It is the one in the middle now.
        for _ in 0..<2 { #expect(round(&watch, [Self.missing, Self.missing]).outcome == .doubted) }
        #expect(round(&watch, [Self.missing, Self.missing, Self.missing]).outcome == .changed([], leftOut: 0))
    }

    @Test func failuresEndTheSearch() {
        var watch = watch()
        #expect(round(&watch, [.failed(.timedOut)]).outcome == .failed(.timedOut))
        #expect(round(&watch, [Self.missing, .failed(.status(5))]).outcome == .failed(.status(5)))
        #expect(round(&watch, [Self.missing, found(2)]).outcome == servers(2))
        #expect(round(&watch, [.failed(.unreachable)]).outcome == .failed(.unreachable), "what is known stays")
    }

    /// SERVFAIL, as the C library does it.
    @Test func aDomainWhoseResolverFailsIsPassedOver() {
        var watch = watch()
        let broken = DNSReply.failed(.status(2))
        #expect(round(&watch, [broken, Self.missing, Self.missing]).outcome == .failed(.status(2)), "it may be there")
        #expect(round(&watch, [broken, found(2)]).outcome == servers(2))
        #expect(round(&watch, [broken, found(2)]).outcome == .unchanged && watch.due == 10_000)
        #expect(round(&watch, [broken, broken]).outcome == .failed(.status(2)), "where the servers have been")
        #expect(round(&watch, [broken, found(3)]).outcome == servers(3))
    }

    @Test func bothKindsAreOfTheSameName() {
        var watch = watch(.addresses(v4: true, v6: true, port: 80))
        let questions = watch.begin()
        #expect(watch.note(found(1), to: questions[0], now: 0) == ([], .unfinished))
        #expect(watch.note(Self.missing, to: questions[1], now: 0) == ([], servers(1)))
        let again = watch.begin()
        #expect(again == questions)
        _ = watch.note(Self.missing, to: again[0], now: 0)
        #expect(watch.note(Self.missing, to: again[1], now: 0) == ([], .doubted))
    }

    /// Targets are whole names; a service that says that it is not there is there.
    @Test func servicesAreLookedForLikewise() {
        var watch = watch(.services)
        let first = watch.begin()
        let (more, outcome) = watch.note(Self.missing, to: first[0], now: 0)
        #expect(outcome == .unfinished && more == [DNSQuestion(name: Self.names[1], type: .srv)])
        let service = DNSService(priority: 1, weight: 1, port: 80, target: name("one"))
        let (targets, _) = watch.note(.found(.services([service], along: [:]), seconds: 9), to: more[0], now: 0)
        #expect(targets.map(\.name) == [name("one"), name("one")])
        _ = watch.note(found(1), to: targets[0], now: 0)
        #expect(watch.note(Self.missing, to: targets[1], now: 0) == ([], servers(1)))
        var none = self.watch(.services)
        let gone = DNSService(priority: 1, weight: 1, port: 80, target: DNSName(wire: [0]))
        let question = none.begin()[0]
        let end = none.note(.found(.services([gone], along: [:]), seconds: 9), to: question, now: 0)
        #expect(end == ([], .unchanged))
    }

    @Test func otherDomainsAreInForceFromTheNextRoundOn() {
        var watch = watch()
        #expect(round(&watch, [found(1)]).outcome == servers(1))
        let open = watch.begin()
        watch.look(for: [name("app.three.test")])
        #expect(watch.note(found(1), to: open[0], now: 0) == ([], .unchanged))
        #expect(watch.due == 0 && round(&watch, [Self.missing]).outcome == .doubted, "those that are known stay")
        #expect(round(&watch, [found(3)]).asked == ["app.three.test"])
    }
}
