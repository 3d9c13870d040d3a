import MartletTelemetry
import Testing

@testable import MartletProxy

/// Layouts of lines that are begun, when the log changes meanwhile.
@Suite struct AccessLogLayoutTests {
    @Test func aLineEndsInTheLayoutThatItBeganWith() {
        var layouts = AccessLogLayouts(AccessLogLayout(.json, isOn: true))
        let first = layouts.number
        layouts.change(to: AccessLogLayout(.combined, isOn: true), used: [first])
        let second = layouts.number
        #expect(layouts.current.format == .combined && layouts[first].format == .json)
        layouts.change(to: AccessLogLayout(.json, isOn: false), used: [first, second])
        #expect(layouts[first].isOn && layouts[second].format == .combined && !layouts[layouts.number].isOn)
    }

    /// Layouts do not gather, and no number is given away while a line refers to it.
    @Test func whatNobodyUsesIsForgotten() {
        var layouts = AccessLogLayouts(AccessLogLayout(.combined, isOn: true))
        let old = layouts.number
        for round in 1...70_000 {
            layouts.change(to: AccessLogLayout(.json, isOn: round % 2 == 0), used: [old])
            if layouts.number == old {
                Issue.record("the number of a line that is going on was given away")
                return
            }
        }
        #expect(layouts[old].isCombined && layouts.earlier.count == 1)
    }

    @Test func aLogThatIsOffHasNoLinesWhateverTheyWouldLookLike() {
        var log = AccessLog(AccessLogLayout(.json, isOn: true), sink: CollectedLog())
        let metrics = LoopMetrics(servers: 0)
        let before = log.number
        log.change(AccessLogChange(sink: nil, layout: AccessLogLayout(.json, isOn: false)), used: [before], metrics)
        log.use(before)
        #expect(!log.isOn && log.batch.room == 0)
        let sink = CollectedLog()
        log.change(AccessLogChange(sink: sink, layout: AccessLogLayout(.combined, isOn: true)), used: [before], metrics)
        #expect(log.isOn && log.format == .combined && log.batch.room > 0)
        // It goes to the new one, as it was begun.
        log.use(before)
        #expect(log.isOn && log.format == .json)
    }
}
