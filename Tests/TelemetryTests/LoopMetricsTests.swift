import Foundation
import MartletTelemetry
import Testing

@Suite struct LoopMetricsTests {
    private let metrics = LoopMetrics(servers: 3)

    @Test func allBeginAtZero() {
        #expect(Counter.allCases.allSatisfy { metrics.read($0) == 0 })
        #expect(
            ServerCounter.allCases.allSatisfy { counter in (0..<3).allSatisfy { metrics.read(counter, server: $0) == 0 }
            })
        #expect(
            Distribution.allCases.allSatisfy {
                metrics.read($0).sum == 0 && metrics.read($0).buckets.allSatisfy { $0 == 0 }
            })
    }

    /// Each cell gets a number of its own; two that share a place would show.
    @Test func noTwoShareAPlace() {
        var expected: [UInt64] = []
        var number: UInt64 = 1
        for counter in Counter.allCases {
            metrics.add(counter, number)
            expected.append(number)
            number += 1
        }
        for server in 0..<3 {
            for counter in ServerCounter.allCases {
                metrics.add(counter, server: server, number)
                expected.append(number)
                number += 1
            }
        }
        for distribution in Distribution.allCases {
            for bucket in 0..<HistogramBuckets.count {
                metrics.record(distribution, HistogramBuckets.upperBound(of: bucket) - 1)
            }
        }
        var found = Counter.allCases.map { metrics.read($0) }
        for server in 0..<3 { found += ServerCounter.allCases.map { metrics.read($0, server: server) } }
        #expect(found == expected)
        let sum = (0..<HistogramBuckets.count).reduce(0) { $0 + HistogramBuckets.upperBound(of: $1) - 1 }
        for distribution in Distribution.allCases {
            let (buckets, total) = metrics.read(distribution)
            #expect(buckets == Array(repeating: 1, count: HistogramBuckets.count))
            #expect(total == sum)
        }
    }

    @Test func gaugesGoUpAndDown() {
        metrics.increment(.connectionsActive)
        metrics.increment(.connectionsActive)
        metrics.decrement(.connectionsActive)
        #expect(metrics.read(.connectionsActive) == 1)
        metrics.increment(.inFlight, server: 2)
        metrics.increment(.inFlight, server: 2)
        metrics.decrement(.inFlight, server: 2)
        #expect(metrics.read(.inFlight, server: 2) == 1 && metrics.read(.inFlight, server: 1) == 0)
        metrics.set(.bufferBytes, 4_096)
        metrics.set(.bufferBytes, 17)
        #expect(metrics.read(.bufferBytes) == 17)
    }

    @Test(arguments: [
        (199, Counter.responses1xx), (200, .responses2xx), (299, .responses2xx), (301, .responses3xx),
        (404, .responses4xx), (499, .responses4xx), (500, .responses5xx), (599, .responses5xx),
    ])
    func aStatusHasItsClass(status: Int, counter: Counter) {
        #expect(Counter.response(status) == counter)
    }

    @Test(arguments: [
        (101, ServerCounter.responses1xx), (200, .responses2xx), (304, .responses3xx), (404, .responses4xx),
        (503, .responses5xx),
    ])
    func aStatusHasItsClassForServers(status: Int, counter: ServerCounter) {
        #expect(ServerCounter.response(status) == counter)
    }

    @Test func everyErrorOfOursHasACounter() {
        let known = [400, 404, 405, 408, 413, 414, 417, 431, 500, 502, 503, 504, 505]
        #expect(Set(known.map { Counter.error($0).rawValue }).count == known.count)
        #expect(Counter.error(418) == .errorsOther && known.allSatisfy { Counter.error($0) != .errorsOther })
    }

    @Test func anotherThreadReadsWithoutStoppingTheLoop() {
        let total: UInt64 = 200_000
        let metrics = metrics
        Thread.detachNewThread {
            for _ in 0..<total {
                metrics.add(.requests)
                metrics.record(.duration, 1)
            }
        }
        var last: UInt64 = 0
        let deadline = ContinuousClock.now + .seconds(10)
        while last < total && ContinuousClock.now < deadline {
            let now = metrics.read(.requests)
            #expect(now >= last)
            last = now
            let (buckets, sum) = metrics.read(.duration)
            #expect(buckets[1] <= total && sum <= total)
        }
        #expect(last == total)
    }

    @Test func aServerThatIsNotThereTraps() async {
        await #expect(processExitsWith: .failure) { LoopMetrics(servers: 2).add(.requests, server: 2) }
        await #expect(processExitsWith: .failure) { _ = LoopMetrics(servers: 2).read(.requests, server: -1) }
    }
}
