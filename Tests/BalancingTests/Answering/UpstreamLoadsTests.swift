import MartletBalancing
import Testing

@Suite struct UpstreamLoadsTests {
    private static let counts: [UpstreamLoads.Count] = [.requests, .connections, .retries, .waiting]

    @Test(arguments: 0..<4)
    func countsUpToALimit(place: Int) {
        let count = Self.counts[place]
        let loads = UpstreamLoads(upstreams: 3, loops: 2)
        #expect(loads.take(count, 1, limit: 2) && loads.take(count, 1, limit: 2))
        #expect(!loads.take(count, 1, limit: 2) && !loads.take(count, 1, limit: 0))
        #expect(loads.take(count, 1, limit: .max))
        for other in Self.counts {
            for upstream in 0..<3 { #expect(loads.read(other, upstream) == (other == count && upstream == 1 ? 3 : 0)) }
        }
        for _ in 0..<3 { loads.giveBack(count, 1) }
        #expect(loads.read(count, 1) == 0)
    }

    /// As many loops as fill several rows.
    @Test(arguments: [1, 2, 8, 9, 16, 17, 40])
    func findsWhoHasWaitedLongest(loops: Int) {
        let loads = UpstreamLoads(upstreams: 2, loops: loops)
        for loop in 0..<loops { #expect(loads.loopBefore(1, turn: .max, butFor: loop) == nil) }
        for loop in 0..<loops {
            loads.setTurn(1, loop: loop, UInt64(100 - loop))
        }
        let last = loops - 1
        for loop in 0..<loops where loop != last {
            #expect(loads.loopBefore(1, turn: .max, butFor: loop) == last)
            #expect(loads.loopBefore(1, turn: UInt64(100 - last), butFor: loop) == nil)
        }
        #expect(loads.loopBefore(1, turn: .max, butFor: last) == (loops > 1 ? last - 1 : nil))
        // Another upstream has nothing to do with it.
        #expect(loads.loopBefore(0, turn: .max, butFor: loops) == nil)
        #expect((0..<2).allSatisfy { loads.read(.waiting, $0) == 0 && loads.read(.requests, $0) == 0 })
        for loop in 0..<loops { loads.setTurn(1, loop: loop, 0) }
        #expect(loads.loopBefore(1, turn: .max, butFor: loops) == nil)
    }

    @Test func nothingIsLostAmongThreads() async {
        let loads = UpstreamLoads(upstreams: 1, loops: 4)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5_000 where loads.take(.requests, 0, limit: 3) { loads.giveBack(.requests, 0) }
                }
            }
        }
        #expect(loads.read(.requests, 0) == 0)
    }
}
