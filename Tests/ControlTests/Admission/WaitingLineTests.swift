import Testing

@testable import MartletControl

@Suite struct WaitingLineTests {
    @Test func whoCameFirstIsServedFirst() {
        var line = WaitingLine<Int>()
        #expect(line.takeFirst() == nil && line.count == 0)
        var (next, expected) = (0, 0)
        // Grows and shrinks in steps of different size.
        for step in 1...50 {
            for _ in 0..<step {
                line.append(next)
                next += 1
            }
            for _ in 0..<(step - step % 3) {
                #expect(line.takeFirst() == expected)
                expected += 1
            }
            #expect(line.count == next - expected)
        }
        while let element = line.takeFirst() {
            #expect(element == expected)
            expected += 1
        }
        #expect(expected == next)
    }
}
