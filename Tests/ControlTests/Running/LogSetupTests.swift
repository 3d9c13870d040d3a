import Logging
import MartletProxyConfig
import Testing

@testable import MartletControl

@Suite struct LogSetupTests {
    @Test(arguments: LogLevel.allCases)
    func aLevelIsCalledAsInTheConfig(level: LogLevel) {
        #expect(Logger.Level(level).rawValue == level.rawValue)
        #expect(Logger.martlet(level).logLevel.rawValue == level.rawValue)
    }

    @Test(arguments: [
        (LogForm.Style.text, #"2026-11-30T10:06:50.123Z warning is slow\nso a="1 2" b=3 c="" d="x=\"y\"""# + "\n"),
        (.journal, #"<4>is slow\nso a="1 2" b=3 c="" d="x=\"y\"""# + "\n"),
        (
            .coloured,
            "2026-11-30T10:06:50.123Z \u{1B}[33mwarning\u{1B}[0m "
                + #"is slow\nso a="1 2" b=3 c="" d="x=\"y\"""# + "\n"
        ),
        (
            .json,
            #"{"time":"2026-11-30T10:06:50.123Z","level":"warning","message":"is slow\nso","#
                + #""a":"1 2","b":"3","c":"","d":"x=\"y\""}"# + "\n"
        ),
    ])
    func theMessageComesFirst(style: LogForm.Style, line: String) {
        let metadata: Logger.Metadata = ["d": "x=\"y\"", "b": "3", "a": "1 2", "c": ""]
        let text = LogForm(style: style).line(.warning, "is slow\nso", metadata, time: 1_796_033_210_123_456_789)
        #expect(text == line)
    }

    /// Whatever others have sent cannot write lines of its own, or steer a terminal.
    @Test func nothingOfControlPasses() {
        let text = LogForm(style: .text).line(.error, "\u{1B}[2J", ["a": "\u{9B}1\r\n\t\u{7F}"], time: 0)
        #expect(text == #"1970-01-01T00:00:00.000Z error \u001b[2J a="\u009b1\r\n\t\u007f""# + "\n")
    }

    /// Names that lines have themselves are not given twice.
    @Test func keysOfJSONAreThereOnce() {
        let text = LogForm(style: .json).line(.info, "m", ["level": "1", "time": "2"], time: 0)
        #expect(text.hasSuffix(#""message":"m","level_":"1","time_":"2"}"# + "\n"))
    }
}
