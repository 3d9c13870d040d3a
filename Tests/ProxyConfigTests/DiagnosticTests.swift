import Testing

@testable import MartletProxyConfig

struct DiagnosticTests {
    static func diagnostic(line: Int = 1, column: Int = 1, length: Int = 1, message: String = "wrong") -> Diagnostic {
        Diagnostic(
            file: "m.yaml", line: line, column: column, length: length, severity: .error, keyPath: "a.b",
            message: message,
            expected: nil, hint: nil)
    }

    @Test func coloursAreOnlyForTerminals() {
        let diagnostic = DiagnosticTests.diagnostic(length: 3)
        #expect(
            DiagnosticText.render([diagnostic], source: "abc", colour: false)
                == "m.yaml:1:1: error: wrong\n    abc\n    ^~~\n")
        let coloured = DiagnosticText.render([diagnostic], source: "abc", colour: true)
        #expect(coloured.contains("\u{1B}[1;31merror: \u{1B}[0m") && coloured.contains("\u{1B}[1;32m^~~\u{1B}[0m"))
    }

    @Test(arguments: [
        (0, 0, "m.yaml: error: wrong\n"), (2, 0, "m.yaml:2: error: wrong\n"), (9, 4, "m.yaml:9:4: error: wrong\n"),
    ])
    func withoutALineThereIsNoMark(line: Int, column: Int, expected: String) {
        let diagnostic = DiagnosticTests.diagnostic(line: line, column: column)
        #expect(DiagnosticText.render([diagnostic], source: "one\ntwo", colour: false) == expected)
    }

    @Test func tabsStayWhereTheyAreSoThatTheMarkIsBelowWhatItMarks() {
        let diagnostic = DiagnosticTests.diagnostic(column: 4, length: 2)
        #expect(
            DiagnosticText.render([diagnostic], source: "\ta\tbc", colour: false).hasSuffix(
                "    \ta\tbc\n    \t \t^~\n"))
    }

    @Test func ofALongLineOnlyAPartIsShown() {
        let line = String(repeating: "x", count: 3000) + "HERE" + String(repeating: "y", count: 3000)
        let lines = DiagnosticText.render(
            [DiagnosticTests.diagnostic(column: 3001, length: 4)], source: line, colour: false
        )
        .split(separator: "\n")
        #expect(lines.count == 3 && lines[1].count <= 200 && lines[1].contains("xHEREy"))
        #expect(lines[2].prefix { $0 != "^" }.count == lines[1].prefix { $0 != "H" }.count)
        let longer = String(repeating: line, count: 10)
        #expect(
            DiagnosticText.render([DiagnosticTests.diagnostic()], source: longer, colour: false)
                == "m.yaml:1:1: error: wrong\n")
    }

    @Test func ofManyProblemsTheRestIsCounted() {
        let many = [Diagnostic](repeating: DiagnosticTests.diagnostic(), count: 107)
        #expect(DiagnosticText.render(many, source: "a", colour: false).hasSuffix("and 7 more\n"))
    }

    @Test func editorsGetJSON() {
        var second = DiagnosticTests.diagnostic(
            line: 3, column: 7, length: 2, message: "\"a\\b\"\n\u{1F}\u{7F}\u{2028}ü😀")
        second.severity = .warning
        second.expected = "b"
        second.hint = "try\tit"
        #expect(
            DiagnosticJSON.render([DiagnosticTests.diagnostic(), second]) == #"""
                [
                  {"file":"m.yaml","line":1,"column":1,"length":1,"severity":"error","keyPath":"a.b","message":"wrong"},
                  {"file":"m.yaml","line":3,"column":7,"length":2,"severity":"warning","keyPath":"a.b",\#
                "message":"\"a\\b\"\n\u001f\u007f\u2028ü😀","expected":"b","hint":"try\tit"}
                ]

                """#)
        #expect(DiagnosticJSON.render([]) == "[]\n")
    }

    @Test func problemsComeInTheOrderOfTheFileWithTheirSettings() throws {
        let text = base + "log: {level: x}\nworkers: 0\nlimits: {uri: 1}\n"
        let errors = #expect(throws: ConfigurationErrors.self) { try ConfigurationLoader.parse(text, file: "m.yaml") }
        #expect(errors?.diagnostics.map(\.keyPath) == ["log.level", "workers", "limits.uri"])
        #expect(errors?.diagnostics.map(\.line) == [8, 9, 10])
        #expect(errors?.source == text)
    }

    @Test func settingsInListsAndMappingsAreNamedByIndexAndName() throws {
        let text = "listeners: [{address: ':1'}, {address: x}]\nupstreams: {b.2: {servers: ['a:1', 'b', {address: c}]}}"
        let errors = #expect(throws: ConfigurationErrors.self) { try ConfigurationLoader.parse(text, file: "m.yaml") }
        let paths = errors?.diagnostics.filter { $0.severity == .error }.map(\.keyPath)
        #expect(paths == ["listeners[1].address", "upstreams.b.2.servers[1]", "upstreams.b.2.servers[2].address"])
    }
}
