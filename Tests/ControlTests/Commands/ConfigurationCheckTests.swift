import MartletProxyConfig
import Testing

@testable import MartletControl

@Suite struct ConfigurationCheckTests {
    private static let good = """
        listeners: [{address: ':1'}]
        routes: [{upstream: a}]
        upstreams: {a: {servers: ['127.0.0.1:1']}}

        """

    private func check(_ text: String) throws -> ConfigurationCheck {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "a.yaml")
        return ConfigurationCheck(path: folder.path("a.yaml"))
    }

    @Test func aGoodFileHasNothingToSay() throws {
        let check = try check(Self.good)
        #expect(check.configuration?.upstreams.count == 1)
        #expect(check.text(colour: true) == "")
        #expect(check.json == "[]\n")
        #expect(check.summary == nil)
    }

    @Test func aWarningLeavesTheConfigUsable() throws {
        let check = try check(Self.good.replacing("}}", with: "}, b: {servers: ['127.0.0.1:2']}}"))
        #expect(check.configuration?.upstreams.count == 2)
        #expect(check.summary == "1 warning")
        #expect(check.text(colour: false).contains("a.yaml:3:44: warning: "))
    }

    @Test func allErrorsAreSaidAtOnce() throws {
        let check = try check("listeners: [{address: ':x', nam: a}]\nworkers: 0\n")
        #expect(check.configuration == nil)
        #expect(check.summary == "3 errors")
        #expect(check.text(colour: false).split(separator: "\n").count { $0.contains("a.yaml:") } == 3)
        #expect(!check.text(colour: false).contains("\u{1B}"))
        #expect(check.text(colour: true).contains("\u{1B}[1;31merror: "))
        #expect(check.json.split(separator: "\n").count == 5)
    }

    @Test func errorsAndWarningsAreCountedApart() throws {
        let text = Self.good.replacing("}}", with: "}, b: {servers: ['127.0.0.1:2', x]}}") + "log: {level: info}\n"
        let check = try check(text.replacing("info", with: "loud"))
        #expect(check.configuration == nil)
        #expect(check.summary?.hasPrefix("2 errors") == true, "\(check.summary ?? "nothing")")
    }

    @Test func aFileThatIsNotThereIsAnError() {
        let check = ConfigurationCheck(path: "/nowhere/martlet.yaml")
        #expect(check.configuration == nil)
        #expect(check.summary == "1 error")
        #expect(check.text(colour: false).hasPrefix("/nowhere/martlet.yaml: error: "))
    }

    @Test func aConfigMadeInCodeIsCheckedToo() {
        let empty = ConfigurationCheck(Configuration(listeners: []))
        #expect(empty.configuration == nil)
        #expect(empty.text(colour: false).hasPrefix("the command line: error: "))
    }
}
