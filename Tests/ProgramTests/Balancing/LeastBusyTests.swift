// balance: least-busy and least-request.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct LeastBusyTests {
    /// `least-busy` is what one gets without asking.
    @Test(arguments: [[], ["balance: least-busy"]])
    func aSlowServerGetsFewRequests(upstream: [String]) throws {
        let fleet = try Fleet(3) { server, _ in
            if server == 0 { pass(.milliseconds(20)) }
            return response(200, "\(server)")
        }
        try withBalanced(Configs.balanced(fleet.addresses, upstream)) { martlet in
            let tally = try martlet.tally(240)
            #expect((tally["0"] ?? 0) < 60, "\(tally)")
            #expect((tally["1"] ?? 0) + (tally["2"] ?? 0) > 180, "\(tally)")
        }
    }

    /// It has nothing in flight and answers soonest: whoever counts requests alone would send it all of them.
    @Test(arguments: [429, 500, 503])
    func aServerThatFailsAtOnceIsAvoided(status: Int) throws {
        let fleet = try Fleet(3) { server, _ in
            if server == 0 { return response(status) }
            pass(.milliseconds(2))
            return response(200, "\(server)")
        }
        try withBalanced(Configs.balanced(fleet.addresses, ["retry: off", "ejection: off"])) { martlet in
            let tally = try martlet.tally(240)
            #expect((tally["\(status)"] ?? 0) < 30, "\(tally)")
            #expect((tally["1"] ?? 0) + (tally["2"] ?? 0) > 210, "\(tally)")
        }
    }

    @Test(arguments: ["least-busy", "least-request"])
    func requestsGoingOnAreSpreadByWeight(balance: String) throws {
        let fleet = try Fleet(2)
        let servers = [fleet.addresses[0], Configs.server(fleet.addresses[1], "weight: 2")]
        try withBalanced(Configs.balanced(servers, ["balance: \(balance)"])) { martlet in
            let clients = try fleet.hold(12, at: martlet)
            #expect(fleet.active == [4, 8])
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
        }
    }

    @Test func leastRequestLooksAtWhatIsGoingOn() throws {
        let fleet = try Fleet(3)
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: least-request"])) { martlet in
            let clients = try fleet.hold(2, at: martlet)
            guard let idle = fleet.active.firstIndex(of: 0) else {
                throw TestFailure("two requests at three servers: \(fleet.active)")
            }
            #expect(try martlet.tally(20) == ["\(idle)": 20])
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
        }
    }

    /// The loops share what they know: eight requests at four servers are two at each, whichever loop has them.
    @Test(arguments: ["least-busy", "least-request"])
    func loopsCountTogether(balance: String) throws {
        let fleet = try Fleet(4)
        let config = Configs.balanced(fleet.addresses, workers: 2, ["balance: \(balance)"])
        try withBalanced(config) { martlet in
            let clients = try fleet.hold(8, at: martlet)
            #expect(fleet.active == [2, 2, 2, 2])
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
        }
    }
}
