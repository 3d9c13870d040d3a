// The table as it is shown.
import Testing

@testable import MartletDemo

@Suite struct TableTests {
    private func figures(_ requests: [UInt64], errors: UInt64 = 0) -> Figures {
        let servers = zip(["swift", "slow"], requests).map { name, requests in
            var server = ServerFigures(name: name)
            server.requests = requests
            server.answered = requests
            server.microseconds = requests * (name == "slow" ? 81_200 : 310)
            return server
        }
        var figures = Figures(servers: servers, latencies: Latencies())
        figures.servers[0].errors = errors
        figures.servers[1].inFlight = 2
        return figures
    }

    @Test func `a row for each server and one for all`() {
        #expect(
            Table(Style(isColoured: false)).lines(
                figures([12_345, 4_115]), since: figures([12_325, 4_115]), seconds: 2)
                == [
                    "  server     requests     req/s  in flight       mean   errors  share",
                    "  swift        12,345        10          0    0.31 ms        0  ██████████▌",
                    "  slow          4,115         0          2    81.2 ms        0  ███▌",
                    "  total        16,460        10          2    20.5 ms        0",
                ])
    }

    @Test func `nothing yet`() {
        let table = Table(Style(isColoured: false))
        #expect(
            table.lines(
                Figures(servers: [ServerFigures(name: "swift")], latencies: Latencies()), since: nil, seconds: 0)
                == [
                    "  server     requests     req/s  in flight       mean   errors  share",
                    "  swift             0         0          0          -        0",
                    "  total             0         0          0          -        0",
                ])
        let none = Figures(servers: [], latencies: Latencies())
        #expect(table.summary(none, since: nil, seconds: 0) == "  0 requests/s   p50 -   p99 -")
    }

    @Test func `no line is wider than a terminal, colours aside`() {
        let largest = figures([999_999_998, 1], errors: 999_999)
        for line in Table(Style(isColoured: false)).lines(largest, since: nil, seconds: 10_000) {
            #expect(line.count <= 78, "\(line)")
        }
    }

    @Test func `errors are red where there are colours`() {
        let lines = Table(Style(isColoured: true)).lines(figures([5, 5], errors: 1), since: nil, seconds: 1)
        #expect(lines[1].contains("\u{1B}[31m"))
        #expect(!lines[2].contains("\u{1B}[31m"))
    }

    @Test(arguments: [(0.0, ""), (0.01, "▏"), (0.5, "███████"), (1.0, "██████████████"), (7.0, "██████████████")])
    func `a bar fills its share`(_ share: Double, _ bar: String) { #expect(Bar.text(share, width: 14) == bar) }
}
