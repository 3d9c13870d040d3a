import MartletProxyConfig
import Testing

@testable import MartletTop

@Suite struct ReportTests {
    @Test func figuresAreOfTheInterval() throws {
        let report = try Sample.report()
        #expect(report.seconds == 1 && report.total.counts.requests == 100, "without the admin listener's")
        #expect(report.total.classRate(4) == 2 && report.total.errorRate == 1)
        #expect(report.total.p50 == 0.0625 && report.total.p99 == 0.195 && report.total.mean == 0.4)
        #expect(report.loops.map(\.busy) == [0.35, 0.92])
        #expect(report.connectionRate == 4 && report.bytesOut == 1_500_000)
        #expect(report.servers.map { $0.traffic.rate } == [30, 70, 0])
        #expect(report.paths.entries.map(\.requests) == [60, 35] && report.paths.total == 100)
        #expect(report.paths.entries[1].mean == 1 && report.clients.entries[0].errors == 1)
        #expect(report.faults.map(\.count) == [2, 1] && report.faults[0].secondsAgo == 3)
    }

    /// A path that had to go from the tables and has come in again is counted from there; one that is new as well.
    @Test func whatHasComeInMeanwhileCountsWhole() throws {
        var (earlier, now) = (try Sample.snapshot(2), try Sample.snapshot(3))
        earlier.paths.entries[0].requests = 1_000
        earlier.clients.entries = []
        now.servers[0].counts.requests = 5
        let report = Report(now, since: earlier)
        #expect(report.paths.entries[0].requests == 180 && report.clients.entries[0].requests == 300)
        #expect(report.servers[0].traffic.counts.requests == 5, "its place was another server's")
        #expect(report.paths.rest(2).hasPrefix("others: 0%"))
    }

    @Test func anotherProcessIsNoContinuation() throws {
        let first = try Sample.snapshot(2)
        #expect(Report.isContinued(try Sample.snapshot(3), since: first))
        #expect(!Report.isContinued(try Sample.snapshot(3, pid: 99), since: first))
        #expect(!Report.isContinued(first, since: first), "no time has passed")
        // The same number again, after the machine was started anew for example.
        #expect(!Report.isContinued(try Sample.snapshot(1), since: first))
    }

    @Test func aProxyOfAnotherVersionIsNotFatal() throws {
        let nothing = Snapshot(stats: .object([]), top: .null)
        #expect(nothing == Snapshot())
        let report = Report(nothing, since: nothing)
        #expect(report.total.p50 == nil && report.loops.isEmpty)
        #expect(
            Screen.lines(report, TopState(view: .paths, sort: nil, interval: 1_000), nil, width: 80, height: 24).count
                == 24)
    }

    @Test func theRestIsWhatNoEntryHas() throws {
        let report = try Sample.report()
        #expect(report.paths.rest(2) == "others: 5.0% of the requests; 2 are followed, 0 had to go")
        #expect(report.paths.rest(1).hasPrefix("others: 40%"))
    }

    // MARK: The document

    /// These names are promised in docs/top.md.
    @Test func namesOfTheDocument() throws {
        let json = try Sample.report().json
        let members =
            "version pid state engine uptimeSeconds seconds traffic firstByteMilliseconds inFlight connections "
            + "tunnels connectionsPerSecond bytesInPerSecond bytesOutPerSecond loops servers upstreams routes listeners "
            + "paths clients errors"
        #expect(names(json) == members)
        let traffic = "requests requestsPerSecond responses failures latencyMilliseconds"
        #expect(names(json["traffic"]) == traffic)
        #expect(names(json["traffic"]?["responses"]) == "none 1xx 2xx 3xx 4xx 5xx")
        #expect(names(json["traffic"]?["latencyMilliseconds"]) == "mean p50 p90 p99")
        #expect(names(first(json["loops"])) == "loop busy connections inFlight")
        #expect(
            names(first(json["servers"]))
                == "upstream server state reason backup weight effectiveWeight inFlight connections " + traffic)
        #expect(
            names(first(json["routes"])) == "name " + traffic && names(first(json["upstreams"])) == "name " + traffic)
        #expect(names(first(json["listeners"])) == "name kind " + traffic)
        #expect(names(json["paths"]) == "requests tracked replaced entries")
        let item = " requests requestsPerSecond clientErrors errors meanMilliseconds"
        #expect(names(first(json["paths"]?["entries"])) == "host path" + item)
        #expect(names(first(json["clients"]?["entries"])) == "client" + item)
        #expect(
            names(first(json["errors"]))
                == "status reason side route upstream server count countPerSecond countWatched secondsAgo client host path"
        )
    }

    private func names(_ json: JSONText?) -> String {
        guard case .object(let members)? = json else { return "" }
        return members.map(\.0).joined(separator: " ")
    }

    private func first(_ json: JSONText?) -> JSONText? {
        guard case .array(let values)? = json else { return nil }
        return values.first
    }
}
