// What servers say of their load: ORCA reports, and Retry-After.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct LoadReportTests {
    /// The first of two servers is nearly at its limit, the second has little to do.
    private static func fleet(_ form: @escaping @Sendable (_ utilisation: String) -> String) throws -> Fleet {
        try Fleet(2) { server, _ in
            response(200, "\(server)", ["endpoint-load-metrics: " + form(server == 0 ? "0.9" : "0.1")])
        }
    }

    @Test(arguments: ["round-robin", "random"])
    func aBusyServerGetsLess(balance: String) throws {
        let fleet = try Self.fleet { "TEXT application_utilization=\($0), cpu_utilization=0.5" }
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: \(balance)"])) { martlet in
            let client = try martlet.connect()
            // Reports are looked at once a second.
            try eventually("less for the busy server") {
                for _ in 0..<20 { _ = try client.exchange("GET /") }
                return try martlet.server(fleet.addresses[0]).number("weight") < 0.5
            }
            let tally = try martlet.tally(100)
            #expect((tally["0"] ?? 0) < 40, "\(tally)")
        }
    }

    @Test(arguments: [
        "TEXT cpu_utilization=%", "JSON {\"cpu_utilization\": %}", "application_utilization:%",
        "JSON {\"rps_fractional\": 12.5, \"applicationUtilization\": %, \"named_metrics\": {\"a\": 1}}",
    ])
    func leastBusyLooksAtEachReport(form: String) throws {
        let fleet = try Self.fleet { form.replacing("%", with: $0) }
        try withBalanced(Configs.balanced(fleet.addresses, workers: 2)) { martlet in
            let tally = try martlet.tally(100)
            #expect((tally["0"] ?? 0) < 30, "\(tally)")
        }
    }

    @Test(arguments: [
        "TEXT cpu_utilization=much", "JSON {\"cpu_utilization\": ", "BIN CZqZmZmZmbk/", "TEXT mem_utilization=%",
    ])
    func whatIsNoReportDoesNoHarm(form: String) throws {
        let fleet = try Self.fleet { form.replacing("%", with: $0) }
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: round-robin"])) { martlet throws in
            #expect(try martlet.tally(20) == ["0": 10, "1": 10])
        }
    }

    @Test func theReportIsNotForTheClient() throws {
        let fleet = try Self.fleet { "TEXT cpu_utilization=\($0)" }
        try withBalanced(Configs.balanced(fleet.addresses)) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.status == 200 && answer["Endpoint-Load-Metrics"] == nil)
        }
    }

    /// Whoever says when it wants to be asked again is left alone until then, if there is somebody else.
    @Test(arguments: ["least-busy", "least-request", "round-robin", "random", "first", "hash"], [429, 503])
    func retryAfterIsHonoured(balance: String, status: Int) throws {
        let fleet = try Fleet(2) { server, request in
            if server == 0 { return response(status, "busy", ["Retry-After: 30"]) }
            return response(200, "1")
        }
        let lines = ["balance: \(balance)", "retry: off", "ejection: off"] + (balance == "hash" ? ["hash: path"] : [])
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let client = try martlet.connect()
            for number in 0..<40 { _ = try client.exchange("GET /\(number)") }
            #expect(fleet.seen[0] <= 1 && fleet.seen[1] >= 39, "\(fleet.seen)")
            // It is better than nobody.
            try martlet.order(fleet.addresses[1], "maintenance")
            let answer = try martlet.request("GET /")
            #expect(answer.status == status && answer["Retry-After"] == "30")
        }
    }

    @Test func whenItIsOverTheServerIsAsked() throws {
        let isBusy = Monitor(true)
        let fleet = try Fleet(2) { server, _ in
            server == 0 && isBusy.value ? response(503, "busy", ["Retry-After: 1"]) : response(200, "\(server)")
        }
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: round-robin", "ejection: off"])) { martlet in
            #expect(try martlet.tally(10) == ["1": 10])
            isBusy.change { $0 = false }
            try eventually("it is asked again") { try martlet.request("GET /").text == "0" }
        }
    }
}
