import Testing

@testable import MartletTop

@Suite struct HistogramTests {
    @Test func valuesAreSpreadOverTheirBucket() {
        let histogram = Histogram(bounds: [100, 200, 400], counts: [0, 10, 0, 0])
        #expect(histogram.percentile(0.5) == 150)
        #expect(histogram.percentile(0.99) == 199)
        #expect(Histogram(bounds: [100, 200, 400], counts: [50, 40, 10, 0]).percentile(0.9) == 200)
        #expect(Histogram(bounds: [100, 200, 400], counts: [50, 40, 10, 0]).percentile(0.95) == 300)
    }

    @Test func whatIsBeyondAllBoundsIsTheLastOfThem() {
        #expect(Histogram(bounds: [100, 200], counts: [0, 0, 5]).percentile(0.5) == 200)
        // Where the last bucket has a bound as well.
        #expect(Histogram(bounds: [100, 200], counts: [0, 4]).percentile(0.5) == 150)
    }

    @Test func withoutValuesThereIsNone() {
        #expect(Histogram(bounds: [1, 2], counts: [0, 0, 0]).percentile(0.5) == nil)
        #expect(Histogram().percentile(0.5) == nil)
    }

    @Test func oneValueIsFoundWhateverTheShare() {
        for share in [0.0, 0.5, 0.99, 1] {
            #expect(Histogram(bounds: [100, 200], counts: [0, 1, 0]).percentile(share) == 200)
        }
    }

    @Test func anEarlierOneIsTakenAway() {
        let now = Histogram(bounds: [1, 2], counts: [5, 3])
        #expect(now.since(Histogram(bounds: [1, 2], counts: [2, 3])).counts == [3, 0])
        // Of a proxy that has been started anew.
        #expect(now.since(Histogram(bounds: [1, 2], counts: [6, 0])).counts == [5, 3])
        #expect(now.since(nil) == now)
    }
}
