import Testing

@testable import MartletTop

@Suite struct KeyTests {
    private func keys(_ pieces: String...) -> [Key] {
        var reader = KeyReader()
        return pieces.flatMap { reader.read(Array($0.utf8)) }
    }

    @Test func plainKeys() {
        #expect(keys("q7 ?") == [.character("q"), .character("7"), .character(" "), .character("?")])
        #expect(keys("\u{3}\u{1A}\u{9}\u{1C}") == [.control("c"), .control("z"), .tab, .control("\\")])
        #expect(keys("\u{7F}é") == [.other, .other, .other])
    }

    @Test func sequencesHaveTwoForms() {
        #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[C\u{1B}OD") == [.up, .down, .right, .left])
        #expect(keys("\u{1B}[5~\u{1B}[6~\u{1B}[H\u{1B}[1~\u{1B}[Z") == [.pageUp, .pageDown, .home, .home, .backTab])
        #expect(keys("\u{1B}[1;5A\u{1B}[15~") == [.up, .other])
    }

    /// Over a slow connection.
    @Test func sequencesComeInPieces() {
        #expect(keys("\u{1B}", "[", "A", "q") == [.up, .character("q")])
        #expect(keys("\u{1B}[5", "~") == [.pageUp])
    }

    @Test func escapeAloneDoesNotSwallowTheNextKey() {
        #expect(keys("\u{1B}", "q") == [.character("q")])
        #expect(keys("\u{1B}\u{1B}[A") == [.up])
    }

    @Test func whatNeverEndsIsGivenUp() {
        let endless = "\u{1B}[" + String(repeating: "1", count: 17)
        #expect(keys(endless + "q") == [.other, .character("q")])
    }
}
