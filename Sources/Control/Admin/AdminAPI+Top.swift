// Which paths, clients and errors there are most of, as the loops count it while somebody asks.
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

extension AdminAPI {
    /// How long loops count after somebody has asked who does not say so, in seconds.
    private static let watchSeconds = 15

    func top(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let limit = call.integer("limit") ?? 100
        let seconds = call.integer("watchSeconds") ?? Self.watchSeconds
        guard let reports = await watchReports(UInt64(seconds) * 1_000) else {
            throw AdminProblem(503, "the event loops have no time to answer; ask again")
        }
        let labels = scene.view().model.labels
        var routes: [Int: String] = [:]
        for entry in labels[.route] { routes[entry.block] = entry.name }
        return json(
            .object([
                ("milliseconds", .integer(Int(clamping: Host.monotonicNanoseconds() / 1_000_000))),
                ("wallMilliseconds", .integer(Int(clamping: Host.wallMilliseconds()))),
                ("watchedMilliseconds", .integer(Int(clamping: reports.map(\.milliseconds).min() ?? 0))),
                ("watchSeconds", .integer(seconds)),
                ("paths", TopMerge.paths(reports, limit)), ("clients", TopMerge.clients(reports, limit)),
                ("errors", TopMerge.errors(reports, routes, limit)),
            ]), call)
    }

    /// What all loops say; `nil` when one of them has ended, or has no time.
    private func watchReports(_ milliseconds: UInt64) async -> [WatchReport]? {
        let all: [WatchReport?]? = await gather { loop, answer in
            loop.post(.watch(milliseconds: milliseconds, answer))
        }
        return all?.compactMap(\.self)
    }

    /// An answer of each loop; `nil` when one of them has ended, or has no time.
    func gather<Answer: Sendable>(
        _ ask: @escaping @Sendable (Mailbox<ProxyDriver.Message>, @escaping @Sendable (Answer) -> Void) -> Void
    ) async -> [Answer]? {
        let loops = scene.loops
        if loops.isEmpty { return [] }
        return await withTaskGroup(of: [Answer]?.self) { group in
            group.addTask {
                let (answers, continuation) = AsyncStream<Answer>.makeStream()
                for loop in loops { ask(loop) { continuation.yield($0) } }
                var all: [Answer] = []
                for await answer in answers {
                    all.append(answer)
                    if all.count == loops.count { return all }
                }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(2))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
