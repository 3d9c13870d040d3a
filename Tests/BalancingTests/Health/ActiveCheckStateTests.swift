import MartletBalancing
import Testing

@Suite struct ActiveCheckStateTests {
    private let settings: CheckSettings = {
        var settings = CheckSettings()
        settings.rise = 2
        settings.fall = 3
        return settings
    }()

    /// Plays results, "+" and "-" and "?" for one that could not be made, and writes down the verdict after each.
    private func play(_ results: String) -> String {
        var state = ActiveCheckState()
        var verdicts = ""
        for result in results {
            state.note(result == "+" ? .passed : result == "-" ? .failed("no") : .impossible, settings)
            switch state.verdict {
            case .unknown: verdicts += "?"
            case .passing: verdicts += "+"
            case .failing: verdicts += "-"
            }
        }
        return verdicts
    }

    @Test(arguments: [
        ("+", "+"), ("-", "-"), ("?+", "?+"), ("+---", "+++-"), ("+--+--+---", "+++++++++-"), ("-++", "--+"),
        ("-+-+-++", "------+"), ("+-?-?-", "+++++-"), ("-+?+", "---+"), ("+---++---", "+++--+++-"),
    ])
    func changesAfterResultsInARow(results: String, verdicts: String) {
        #expect(play(results) == verdicts)
    }

    @Test func theLatestReasonIsKept() {
        var state = ActiveCheckState()
        state.note(.failed("first"), settings)
        state.note(.failed("second"), settings)
        #expect(state.verdict == .failing("second"))
    }

    @Test func asksFasterWhileDownOrAboutToChange() {
        var settings = settings
        settings.jitter = 0
        var state = ActiveCheckState()
        var pauses: [UInt64] = [state.pause(settings, chance: 0)]
        for passed in [true, false, false, false, true, true] {
            state.note(passed ? .passed : .failed(""), settings)
            pauses.append(state.pause(settings, chance: 0))
        }
        #expect(pauses == [2_000, 2_000, 500, 500, 500, 500, 2_000])
    }

    @Test func jitterStaysInItsBounds() {
        var seen: Set<UInt64> = []
        for chance in [0, 1, 199, 200, 400, 401, UInt64.max] + Array(0..<401) {
            let time = Jitter.apply(10, to: 2_000, chance: chance)
            #expect((1_800...2_200).contains(time))
            seen.insert(time)
        }
        #expect(seen.count == 401)
        #expect(Jitter.apply(0, to: 5, chance: 99) == 5)
        #expect(Jitter.apply(50, to: 0, chance: 99) == 0)
    }
}
