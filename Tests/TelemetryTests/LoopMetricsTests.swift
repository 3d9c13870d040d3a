import Foundation
import MartletTelemetry
import Testing

@Suite struct LoopMetricsTests {
    private let metrics = LoopMetrics(MetricsLayout(servers: 3, listeners: 1, routes: 2, upstreams: 1))

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
        for scope in Scope.allCases {
            for block in 0..<metrics.layout.blocks(scope) { #expect(metrics.read(scope, block).allSatisfy { $0 == 0 }) }
        }
        let sum = (0..<HistogramBuckets.count).reduce(0) { $0 + HistogramBuckets.upperBound(of: $1) - 1 }
        for distribution in Distribution.allCases {
            let (buckets, total) = metrics.read(distribution)
            #expect(buckets == Array(repeating: 1, count: HistogramBuckets.count))
            #expect(total == sum)
        }
    }

    @Test func eachBlockHasItsOwn() {
        for scope in Scope.allCases {
            for block in 0..<metrics.layout.blocks(scope) {
                for _ in 0...block {
                    metrics.count(ExchangeEnding(status: 404, microseconds: 700, hasFailed: false), scope, block)
                }
                metrics.count(ExchangeEnding(status: 0, microseconds: 1_000_000, hasFailed: true), scope, block)
            }
        }
        metrics.record(server: 2, microseconds: 700)
        let snapshot = MetricsSnapshot(of: [metrics, metrics])
        for scope in Scope.allCases {
            for block in 0..<metrics.layout.blocks(scope) {
                let count = UInt64(2 * (block + 1))
                #expect(snapshot.read(.responses4xx, scope, block) == count, "\(scope) \(block)")
                #expect(snapshot.read(.unanswered, scope, block) == 2)
                #expect(snapshot.read(.failures, scope, block) == 2)
                #expect(snapshot.read(.microseconds, scope, block) == count * 700 + 2_000_000)
                #expect(snapshot.bucket(1, scope, block) == count && snapshot.bucket(10, scope, block) == 2)
                #expect(snapshot.read(.responses2xx, scope, block) == 0 && snapshot.bucket(0, scope, block) == 0)
            }
        }
        #expect(snapshot.bucket(1, server: 2) == 2 && snapshot.bucket(1, server: 1) == 0)
        #expect(snapshot[.microseconds, server: 2] == 1_400 && snapshot[.requests, server: 0] == 0)
    }

    /// What has no block is counted with the others, whatever its number.
    @Test(arguments: [-1, 4, 9_999]) func aBlockThatIsNotThereIsThatOfAllOthers(block: Int) {
        metrics.count(ExchangeEnding(status: 200, microseconds: 1, hasFailed: false), .route, block)
        #expect(MetricsSnapshot(of: [metrics]).read(.responses2xx, .route, Scope.other) == 1)
    }

    @Test func durationsHaveTheBucketOfTheirBound() {
        for (index, bound) in DurationBuckets.bounds.enumerated() {
            #expect(DurationBuckets.index(of: bound) == index && DurationBuckets.index(of: bound + 1) == index + 1)
        }
        #expect(DurationBuckets.bounds.count + 1 == DurationBuckets.count)
        #expect(DurationBuckets.index(of: .max) == DurationBuckets.count - 1 && DurationBuckets.index(of: 0) == 0)
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
