// Ranges, as clients ask for them.
import MartletFiles
import MartletTestSupport
import Testing

@Suite struct ByteRangeFieldTests {
    private func outcome(_ value: String, _ size: Int64 = 1000) -> RangeOutcome {
        ByteRangeField.outcome(value.utf8.span, size: size)
    }

    private func slices(_ pairs: (Int64, Int64)...) -> RangeOutcome {
        .slices(pairs.map { FileSlice(start: $0.0, count: $0.1 - $0.0 + 1) })
    }

    @Test func onePart() {
        #expect(outcome("bytes=0-0") == slices((0, 0)))
        #expect(outcome("bytes=0-999") == slices((0, 999)))
        #expect(outcome("bytes=10-") == slices((10, 999)))
        #expect(outcome("bytes=-1") == slices((999, 999)))
        #expect(outcome("bytes=-5000") == slices((0, 999)))
        #expect(outcome("bytes=990-5000") == slices((990, 999)))
        #expect(outcome("BYTES=1-2") == slices((1, 2)))
        #expect(outcome("bytes= 1-2 ,, ") == slices((1, 2)))
    }

    @Test func nothingThatIsThere() {
        #expect(outcome("bytes=1000-") == .unsatisfiable)
        #expect(outcome("bytes=1000-1001,2000-") == .unsatisfiable)
        #expect(outcome("bytes=-0") == .unsatisfiable)
        #expect(outcome("bytes=0-", 0) == .unsatisfiable)
        #expect(outcome("bytes=-1", 0) == .unsatisfiable)
        #expect(outcome("bytes=99999999999999999999999-") == .unsatisfiable)
        // One that is there is enough.
        #expect(outcome("bytes=5000-,3-4") == slices((3, 4)))
    }

    @Test func whatCannotBeReadIsIgnored() {
        for value in [
            "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=1-2-3", "bytes=1 - 2",
            "bytes =1-2", "lines=1-2", "bytes=+1-2", "bytes=0x1-2", "bytes=1-2;q=1", "bytes=--1", "bytes=1-2,x",
        ] {
            #expect(outcome(value) == .whole, "\(value)")
        }
    }

    @Test func manyAreIgnored() {
        let sixteen = (0..<16).map { "\($0 * 200)-\($0 * 200)" }.joined(separator: ",")
        #expect(outcome("bytes=" + sixteen, 10_000) != .whole)
        #expect(outcome("bytes=" + sixteen + ",9000-9001", 10_000) == .whole)
        let flood = "bytes=0-" + (0..<1300).map { ",5-\($0 + 5)" }.joined()
        #expect(outcome(flood) == .whole)
    }

    @Test func overlapsAreJoined() {
        #expect(outcome("bytes=0-9,5-14,600-601") == slices((0, 14), (600, 601)))
        #expect(outcome("bytes=600-601,0-9") == slices((0, 9), (600, 601)))
        #expect(outcome("bytes=0-,0-,0-,0-") == slices((0, 999)))
        // What is as near as a part's head is one.
        #expect(outcome("bytes=0-0,2-2") == slices((0, 2)))
        #expect(outcome("bytes=0-9223372036854775807,1-2") == slices((0, 999)))
    }

    @Test func whateverIsAskedForNoMoreIsSentThanThereIs() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            let size = Int64.random(in: 0...300, using: &random)
            let ranges = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                let first = Int.random(in: -1...320, using: &random)
                return first < 0
                    ? "-\(Int.random(in: 0...9, using: &random))"
                    : "\(first)-\(Int.random(in: 0...320, using: &random))"
            }
            guard case .slices(let slices) = outcome("bytes=" + ranges.joined(separator: ","), size) else { continue }
            #expect(!slices.isEmpty && slices.count <= ByteRangeField.limit)
            var end: Int64 = -1
            for slice in slices {
                #expect(slice.count > 0 && slice.start > end && slice.end <= size)
                end = slice.end
            }
        }
    }
}
