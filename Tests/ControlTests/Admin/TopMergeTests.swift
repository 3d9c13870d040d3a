import MartletHTTPCore
import MartletProxyConfig
import MartletTelemetry
import Testing

@testable import MartletControl
@testable import MartletProxy

/// What several loops have counted, as one.
@Suite struct TopMergeTests {
    /// A loop that was asked for these paths by a client.
    private func report(_ paths: [(String, Int)], client: UInt32, error: String? = nil) throws -> WatchReport {
        var watch = Watch()
        watch.extend(1_000, now: 0, seed: UInt64(client))
        let host = Array("h".utf8)
        for (path, times) in paths {
            let bytes = Array(path.utf8)
            for _ in 0..<times {
                let place = watch.claim(host: host.span, path: bytes.span)
                watch.count(TopEnding(status: 200, microseconds: 5), at: place, of: IPAddress(v4: client))
            }
        }
        if let error {
            let kind = ErrorEntry.Kind(
                status: 502, failure: .serverClosed, systemError: 0, upstream: 0, server: 0, route: 2)
            watch.count(kind, names: ("u", "s"), at: TopPlace(), of: IPAddress(v4: client)) {
                ErrorEntry(kind: kind, upstream: "u", server: "s", reason: error)
            }
        }
        return try #require(watch.report(now: 1))
    }

    @Test func theSamePathOnAllLoopsIsOne() throws {
        let reports = [try report([("/a", 3), ("/b", 5)], client: 1), try report([("/a", 4)], client: 2)]
        let paths = TopMerge.paths(reports, 10)
        #expect(paths["total"] == .integer(12) && paths["tracked"] == .integer(2))
        let entries = paths.list("entries")
        #expect(entries.map { $0.words("path") } == ["/a", "/b"] && entries.map { $0.whole("requests") } == [7, 5])
        #expect(entries[0].whole("microseconds") == 35 && entries[0].words("host") == "h")
        let clients = TopMerge.clients(reports, 1)
        #expect(clients["tracked"] == .integer(2) && clients.list("entries").map { $0.words("client") } == ["0.0.0.1"])
    }

    @Test func errorsAreJoinedAndNamed() throws {
        let reports = [try report([], client: 1, error: "x"), try report([], client: 2, error: "x")]
        let errors = TopMerge.errors(reports, [2: "shop"], 10)
        let entry = try #require(errors.list("entries").first)
        #expect(errors.list("entries").count == 1 && entry.whole("count") == 2 && errors["total"] == .integer(2))
        #expect(entry.words("route") == "shop" && entry.words("side") == "server" && entry["path"] == .null)
        #expect(TopMerge.errors(reports, [:], 0).list("entries").isEmpty)
        #expect(TopMerge.errors(reports, [:], 1).list("entries")[0].words("route") == "(other)")
    }

    @Test(arguments: [
        ("/v1/top", APISchema.top), ("/v1/status", .status), ("/v1/loops", .loops),
    ])
    func answersAreAsTheDocumentSays(path: String, schema: APISchema) async throws {
        let answer = try await AdminStage().answer("GET", path)
        #expect(answer.status == 200)
        #expect(schema.shape.misfits(try #require(answer.json)) == [])
    }

    @Test func theTablesAreAsTheDocumentSays() throws {
        let reports = [try report([("/a", 3)], client: 1, error: "x")]
        let json = JSONText.object([
            ("milliseconds", .integer(1)), ("wallMilliseconds", .integer(1)), ("watchedMilliseconds", .integer(1)),
            ("watchSeconds", .integer(1)), ("paths", TopMerge.paths(reports, 1)),
            ("clients", TopMerge.clients(reports, 1)), ("errors", TopMerge.errors(reports, [:], 1)),
        ])
        #expect(APISchema.top.shape.misfits(json) == [])
    }
}
