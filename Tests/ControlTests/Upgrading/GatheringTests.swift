import MartletTestSupport
import Testing

@testable import MartletControl

/// Asking several, and not waiting for ever.
@Suite struct GatheringTests {
    @Test func allAnswersAreGiven() async {
        let gathering = Gathering<Int>(3)
        gathering.add(1)
        async let all = gathering.all(within: .seconds(600))
        gathering.add(2)
        gathering.add(3)
        #expect(await all == [1, 2, 3])
    }

    @Test func answersThatWereThereAlreadyCount() async {
        let gathering = Gathering<Int>(1)
        gathering.add(1)
        #expect(await gathering.all(within: .seconds(600)) == [1])
    }

    /// Whatever comes to nobody is given back: descriptors must be closed.
    @Test func oneThatIsMissingEndsIt() async {
        let dropped = Monitor<[Int]>([])
        let gathering = Gathering<Int>(2) { late in dropped.change { $0.append(late) } }
        gathering.add(1)
        #expect(await gathering.all(within: .milliseconds(1)) == nil)
        gathering.add(2)
        #expect(dropped.value == [1, 2])
    }
}
