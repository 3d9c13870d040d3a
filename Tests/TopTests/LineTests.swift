import Testing

@testable import MartletTop

@Suite struct LineTests {
    private let line: Line = {
        var line = Line("ab", .bold)
        line.add("cdef", .bad)
        line.add("  ")
        return line
    }()

    @Test func coloursStandAroundTheirPieces() {
        #expect(line.text(coloured: true) == "\u{1B}[1mab\u{1B}[0m\u{1B}[31mcdef\u{1B}[0m  ")
        #expect(line.text(coloured: false) == "abcdef")
    }

    @Test func whatIsCutSaysSo() {
        #expect(line.text(width: 8, coloured: false) == "abcdef")
        #expect(line.text(width: 5, coloured: false) == "abcd~")
        #expect(line.text(width: 2, coloured: true) == "\u{1B}[1ma\u{1B}[0m~")
        #expect(line.text(width: 1, coloured: false) == "~")
        #expect(line.text(width: 0, coloured: false) == "")
    }

    @Test(arguments: [
        ("/a b", "/a b"), ("größe", "größe"), ("\u{1B}[2J", "?[2J"), ("a\u{7}\u{9B}b\u{7F}", "a??b?"),
        ("\u{202E}evil", "?evil"), ("日本", "??"), ("e\u{301}", "e?"), ("\r\n", "??"), ("\u{FFFD}", "?"),
    ])
    func nothingFromOutsideMovesTheCursor(text: String, clean: String) {
        #expect(PlainText.clean(text) == clean)
        #expect(PlainText.clean(text).count == text.unicodeScalars.count, "each takes one column")
    }

    @Test func onlyWhatHasChangedIsWritten() {
        var canvas = Canvas()
        #expect(canvas.draw(["a", "b"]) == "\u{1B}[2J\u{1B}[1;1Ha\u{1B}[K\u{1B}[2;1Hb\u{1B}[K")
        #expect(canvas.draw(["a", "c"]) == "\u{1B}[2;1Hc\u{1B}[K")
        #expect(canvas.draw(["a", "c"]) == "")
        #expect(canvas.draw(["a"]) == "\u{1B}[2;1H\u{1B}[K")
        #expect(canvas.draw(["a", "d"]) == "\u{1B}[2;1Hd\u{1B}[K")
        canvas.forget()
        #expect(canvas.draw(["a"]) == "\u{1B}[2J\u{1B}[1;1Ha\u{1B}[K")
    }

    @Test func numbersAreShort() {
        let rates: [(Double, String)] = [
            (0, "0"), (-1, "0"), (0.01, "0.0"), (0.44, "0.4"), (9.94, "9.9"), (9.96, "10"), (12_345, "12345"),
            (123_456, "123k"), (1_234_567, "1.2M"), (12_345_678, "12M"),
        ]
        for (value, text) in rates { #expect(NumberText.short(value) == text) }
        let times: [(Double?, String)] = [
            (nil, "-"), (0, "0.00ms"), (0.314, "0.31ms"), (9.996, "10.0ms"), (99.96, "100ms"), (999.6, "1.00s"),
            (12_345, "12s"),
        ]
        for (value, text) in times { #expect(NumberText.time(value) == text) }
        let spans: [(Double, String)] = [
            (0, "0s"), (59.9, "59s"), (200, "3m 20s"), (7_500, "2h 05m"), (90_000, "1d 01h"),
        ]
        for (value, text) in spans { #expect(NumberText.span(value) == text) }
        let sizes: [(Double, String)] = [
            (0, "0 B"), (980, "980 B"), (1_200, "1.2 KB"), (33e6, "33 MB"), (5e13, "50 TB"),
        ]
        for (value, text) in sizes { #expect(NumberText.bytes(value) == text) }
        for (value, text) in [(0.0, "0%"), (0.031, "3.1%"), (0.35, "35%"), (1, "100%")] {
            #expect(NumberText.share(value) == text)
        }
    }
}
