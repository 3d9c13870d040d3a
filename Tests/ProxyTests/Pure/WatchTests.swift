import MartletHTTPCore
import MartletTelemetry
import Testing

@testable import MartletProxy

/// What is counted while somebody looks.
@Suite struct WatchTests {
    private typealias Watch = MartletProxy.Watch
    private let client = IPAddress(v4: 0xC000_0207)
    private let good = TopEnding(status: 200, microseconds: 10)

    private func claim(_ path: String, host: String = "a.example", _ watch: inout Watch) -> TopPlace {
        let (host, path) = (Array(host.utf8), Array(path.utf8))
        return watch.claim(host: host.span, path: path.span)
    }

    private func watching() -> Watch {
        var watch = Watch()
        watch.extend(1_000, now: 50, seed: 7)
        return watch
    }

    private func paths(_ watch: Watch) -> [String: UInt64] {
        guard let table = watch.report(now: 10_000)?.paths else { return [:] }
        var paths: [String: UInt64] = [:]
        for (index, entry) in table.table.entries.enumerated() where entry.isUsed {
            let (host, path) = table.text(of: index)
            paths[host + path] = entry.requests
        }
        return paths
    }

    @Test func itIsOnForAWhileAfterSomebodyAsked() {
        var watch = Watch()
        #expect(!watch.isOn && watch.report(now: 0) == nil)
        watch.extend(1_000, now: 50, seed: 7)
        watch.extend(100, now: 60, seed: 8)
        #expect(watch.isOn && watch.end == 1_050, "the longer one counts")
        watch.turnEnded(now: 1_049)
        #expect(watch.report(now: 1_049)?.milliseconds == 999)
        watch.turnEnded(now: 1_050)
        #expect(!watch.isOn && watch.report(now: 1_050) == nil)
    }

    @Test func anExchangeFromBeforeIsNotCountedForAnother() {
        var watch = watching()
        let old = claim("/old", &watch)
        watch.turnEnded(now: 2_000)
        watch.extend(1_000, now: 3_000, seed: 7)
        _ = claim("/old", &watch)
        watch.count(good, at: old, of: client)
        #expect(paths(watch) == ["a.example/old": 0])
        #expect(watch.report(now: 10_000)?.paths.table.total == 1)
    }

    @Test func pathsAreToldApartByAllOfThem() {
        var watch = watching()
        let long = "/" + String(repeating: "x", count: 200)
        for path in [long + "1", long + "2", "/"] { watch.count(good, at: claim(path, &watch), of: client) }
        watch.count(good, at: claim("/", host: "b.example", &watch), of: client)
        watch.count(good, at: claim("/", &watch), of: client)
        let table = watch.report(now: 60)?.paths.table
        #expect(table?.entries.filter(\.isUsed).map(\.requests).sorted() == [1, 1, 1, 2])
        #expect(paths(watch)["a.example/"] == 2 && paths(watch)["b.example/"] == 1)
        #expect(paths(watch)["a.example" + long.prefix(128)] == 1, "what is shown is cut")
    }

    @Test func memoryDoesNotGrowAndNothingIsLost() {
        var watch = watching()
        for number in 0..<20_000 {
            watch.count(good, at: claim("/\(number)", &watch), of: IPAddress(v4: UInt32(number)))
        }
        let report = watch.report(now: 60)
        #expect(report?.paths.table.entries.count == 1_024 && report?.clients.table.entries.count == 1_024)
        #expect(report?.paths.table.total == 20_000 && report?.clients.table.total == 20_000)
        #expect((report?.paths.table.replaced ?? 0) > 18_000)
    }

    @Test func clientsOfIPv6AreTheirNetworks() {
        var watch = watching()
        for low in UInt64(1)...5 {
            watch.count(good, at: TopPlace(), of: IPAddress(hi: 0x2001_0DB8_0000_0001, lo: low))
        }
        watch.count(good, at: TopPlace(), of: client)
        watch.count(good, at: TopPlace(), of: nil)
        let clients = watch.report(now: 60)?.clients
        let used = clients?.table.entries.enumerated().filter { $0.element.isUsed } ?? []
        let counts = Dictionary(
            uniqueKeysWithValues: used.map { (clients?.text(of: $0.offset) ?? "", $0.element.requests) })
        #expect(counts == ["2001:db8:0:1::/64": 5, "192.0.2.7": 1, "unix": 1])
    }

    // MARK: Errors

    private func fail(_ status: UInt16, server: Int32 = 0, name: String = "s", at place: TopPlace, _ watch: inout Watch)
    {
        let kind = ErrorEntry.Kind(
            status: status, failure: nil, systemError: 0, upstream: 0, server: server, route: 2)
        watch.count(kind, names: ("u", name), at: place, of: client) {
            ErrorEntry(kind: kind, upstream: "u", server: name, reason: "because")
        }
    }

    @Test func errorsAreJoinedByTheirKind() {
        var watch = watching()
        let place = claim("/bad", &watch)
        for _ in 0..<3 { fail(500, at: place, &watch) }
        fail(404, at: TopPlace(), &watch)
        // Its place is another server's now.
        fail(500, name: "t", at: place, &watch)
        let errors = watch.report(now: 60)?.errors
        #expect(errors?.entries.map(\.count) == [3, 1, 1] && errors?.total == 5)
        #expect(errors?.entries[0].request?.path == "/bad" && errors?.entries[1].request == nil)
        #expect(errors?.entries[0].client == "192.0.2.7")
    }

    @Test func kindsOfErrorsAreBounded() {
        var watch = watching()
        for server in Int32(0)..<300 { fail(502, server: server, at: TopPlace(), &watch) }
        let errors = watch.report(now: 60)?.errors
        #expect(errors?.entries.count == ErrorTable.limit && errors?.replaced == 300 - 128 && errors?.total == 300)
    }
}
