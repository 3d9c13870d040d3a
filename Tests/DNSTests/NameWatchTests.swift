import MartletHTTPCore
import Testing

@testable import MartletDNS

/// When a name is asked for, and what answers mean.
@Suite struct NameWatchTests {
    private func watch(_ kind: DiscoveryKind = .addresses(v4: true, v6: false, port: 80)) -> NameWatch {
        var rules = DiscoveryRules()
        (rules.shortest, rules.longest, rules.mostServers) = (1_000, 60_000, 4)
        return NameWatch(name("app.test"), kind, rules)
    }

    private func found(_ addresses: [String], _ seconds: UInt32 = 10) -> DNSReply {
        .found(.addresses(addresses.map { address($0) }), seconds: seconds)
    }

    private func server(_ text: String, _ port: UInt16 = 80, weight: UInt16 = 1, backup: Bool = false)
        -> DiscoveredServer
    {
        DiscoveredServer(address: address(text), port: port, weight: weight, isBackup: backup)
    }

    private func round(_ watch: inout NameWatch, _ reply: DNSReply, now: UInt64 = 0) -> DiscoveryOutcome {
        let questions = watch.begin()
        #expect(watch.isBusy && questions.count == 1)
        return watch.note(reply, to: questions[0], now: now).outcome
    }

    @Test func timesOfAnswersAreHeldWithinBounds() {
        var watch = watch()
        for (seconds, due) in [(10, 10_000), (0, 1_000), (4_000_000, 60_000)] as [(UInt32, UInt64)] {
            _ = round(&watch, found(["10.0.0.1"], seconds), now: 500)
            #expect(watch.due == 500 + due && !watch.isBusy)
        }
    }

    @Test func onlyChangesAreTold() {
        var watch = watch()
        let both = [server("10.0.0.1"), server("10.0.0.2")]
        #expect(round(&watch, found(["10.0.0.2", "10.0.0.1"])) == .changed(both, leftOut: 0))
        #expect(round(&watch, found(["10.0.0.1", "10.0.0.2", "10.0.0.1"])) == .unchanged, "the order is no change")
        #expect(round(&watch, found(["10.0.0.2"])) == .changed([both[1]], leftOut: 0))
        let many = (1...9).map { "10.0.1.\($0)" }
        #expect(round(&watch, found(many)) == .changed(many.prefix(4).map { server($0) }, leftOut: 5))
    }

    @Test func addressesThatNobodyCanHaveAreDropped() {
        var watch = watch()
        let odd = ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "10.0.0.1"]
        #expect(round(&watch, found(odd)) == .changed([server("10.0.0.1")], leftOut: 0))
    }

    @Test func failuresKeepWhatIsKnownAndAreTriedMoreAndMoreRarely() {
        var watch = watch()
        _ = round(&watch, found(["10.0.0.1"]))
        var pauses: [UInt64] = []
        for _ in 0..<8 {
            #expect(round(&watch, .failed(.timedOut), now: 0) == .failed(.timedOut))
            pauses.append(watch.due)
        }
        #expect(pauses == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
        #expect(watch.servers == [server("10.0.0.1")])
        #expect(round(&watch, found(["10.0.0.1"])) == .unchanged && watch.due == 10_000)
    }

    @Test func nothingIsBelievedWhenItIsSaidThreeTimes() {
        var watch = watch()
        let nothing = DNSReply.nothing(nameExists: false, seconds: 30)
        #expect(round(&watch, nothing) == .unchanged, "nothing is known that could be lost")
        _ = round(&watch, found(["10.0.0.1"]))
        #expect(round(&watch, nothing) == .doubted && watch.due == 1_000)
        #expect(round(&watch, nothing) == .doubted)
        #expect(round(&watch, found(["10.0.0.1"])) == .unchanged)
        for _ in 0..<2 { #expect(round(&watch, nothing) == .doubted) }
        #expect(round(&watch, .failed(.timedOut)) == .failed(.timedOut), "silence is not nothing")
        #expect(round(&watch, nothing) == .changed([], leftOut: 0))
    }

    @Test func oneKindOfAddressMayFailByItself() {
        var watch = watch(.addresses(v4: true, v6: true, port: 80))
        func both(_ v4: DNSReply, _ v6: DNSReply) -> DiscoveryOutcome {
            let questions = watch.begin()
            #expect(watch.note(v4, to: questions[0], now: 0) == ([], .unfinished))
            return watch.note(v6, to: questions[1], now: 0).outcome
        }
        #expect(both(found(["10.0.0.1"]), found(["::1"])) == .changed([server("::1"), server("10.0.0.1")], leftOut: 0))
        #expect(both(found(["10.0.0.1"]), .failed(.status(2))) == .failed(.status(2)), "the other one is known")
        #expect(
            both(found(["10.0.0.2"]), .failed(.status(2))) == .changed([server("::1"), server("10.0.0.2")], leftOut: 0))
        #expect(
            both(found(["10.0.0.2"]), .nothing(nameExists: true, seconds: 9))
                == .changed([server("10.0.0.2")], leftOut: 0))
    }

    @Test func aKindThatTheNameNeverHadMayBeRefused() {
        var watch = watch(.addresses(v4: true, v6: true, port: 80))
        let refused = DNSReply.failed(.status(5))
        func both(_ v4: DNSReply, _ v6: DNSReply) -> DiscoveryOutcome {
            let questions = watch.begin()
            #expect(watch.note(v6, to: questions[1], now: 0) == ([], .unfinished))
            return watch.note(v4, to: questions[0], now: 0).outcome
        }
        #expect(both(found(["10.0.0.1"]), refused) == .changed([server("10.0.0.1")], leftOut: 0))
        #expect(both(found(["10.0.0.1"]), refused) == .unchanged && watch.due == 10_000, "nothing is wrong")
        #expect(both(refused, refused) == .failed(.status(5)))
        #expect(watch.servers == [server("10.0.0.1")])
        #expect(both(refused, found(["::1"])) == .changed([server("::1"), server("10.0.0.1")], leftOut: 0))
        #expect(both(found(["10.0.0.1"]), refused) == .failed(.status(5)), "now it has both")
    }

    @Test func servicesAreResolvedAndHavePriorities() {
        var watch = watch(.services)
        let services = [
            DNSService(priority: 5, weight: 30, port: 81, target: name("one.test")),
            DNSService(priority: 9, weight: 0, port: 82, target: name("two.test")),
            DNSService(priority: 5, weight: 1, port: 83, target: DNSName(wire: [0])),
            DNSService(priority: 5, weight: 1, port: 0, target: name("one.test")),
        ]
        let along = [DNSQuestion(name: name("one.test"), type: .a): [address("10.0.0.1")]]
        let first = watch.begin()
        #expect(first == [DNSQuestion(name: name("app.test"), type: .srv)])
        let (more, outcome) = watch.note(.found(.services(services, along: along), seconds: 9), to: first[0], now: 0)
        #expect(outcome == .unfinished)
        let wanted = [("one.test", DNSType.aaaa), ("two.test", .a), ("two.test", .aaaa)]
        #expect(more == wanted.map { DNSQuestion(name: name($0.0), type: $0.1) }, "what came along is not asked")
        _ = watch.note(.nothing(nameExists: true, seconds: 9), to: more[0], now: 0)
        _ = watch.note(found(["10.0.0.2"]), to: more[1], now: 0)
        let last = watch.note(.nothing(nameExists: true, seconds: 9), to: more[2], now: 0)
        let all = [server("10.0.0.1", 81, weight: 30), server("10.0.0.2", 82, backup: true)]
        #expect(last.outcome == .changed(all, leftOut: 0))
        // Without the services' answer, the servers stay.
        _ = watch.begin()
        #expect(watch.note(.failed(.timedOut), to: first[0], now: 0).outcome == .failed(.timedOut))
        #expect(watch.servers == all)
    }
}
