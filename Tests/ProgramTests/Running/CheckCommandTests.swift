import Foundation
import MartletTestSupport
import Testing

@Suite struct CheckCommandTests {
    private static let good = """
        listeners: [{address: ':1'}]
        routes: [{upstream: a}]
        upstreams: {a: {servers: ['127.0.0.1:1']}}

        """
    private static let odd = good.replacing("}}", with: "}, b: {servers: ['127.0.0.1:2']}}")
    private static let bad = "listeners: [{address: ':x'}]\nwrokers: 2\n"

    private let folder: TestFolder
    private let file: String

    init() throws {
        folder = try TestFolder()
        file = folder.path("martlet.yaml")
    }

    private func check(_ text: String, _ option: String? = nil) throws -> Ended {
        try folder.write(text, to: "martlet.yaml")
        return if let option { try program("check", option, file) } else { try program("check", file) }
    }

    @Test func aGoodFileIsGood() throws {
        let result = try check(Self.good)
        #expect(result.has(code: 0) && result.errors.isEmpty)
        #expect(result.output == "\(file): good\n")
    }

    @Test func aWarningIsToldButIsNoFailure() throws {
        let result = try check(Self.odd)
        #expect(result.has(code: 0))
        #expect(result.output == "\(file): good, but 1 warning\n")
        #expect(result.errors.hasPrefix("\(file):3:44: warning: no route leads to upstream 'b'"))
    }

    @Test func allErrorsAreToldWithTheirPlaces() throws {
        let result = try check(Self.bad)
        #expect(result.has(code: 78) && result.output.isEmpty)
        #expect(
            result.errors == """
                \(file):1:25: error: 'x' is not a port; expected a port between 0 and 65535
                    listeners: [{address: ':x'}]
                                            ^
                \(file):2:1: error: unknown key 'wrokers' at the top level; did you mean 'workers'?
                    wrokers: 2
                    ^~~~~~~
                martlet: \(file): 2 errors

                """)
    }

    /// A coding whose library cannot be loaded is told where it is asked for, and where the program starts.
    @Test func aCodingWithoutItsLibraryIsTold() throws {
        // What is no library is found before those of the machine.
        for name in ["libzstd.so.1", "libbrotlienc.so.1"] { try folder.write("nothing", to: name) }
        let environment = ["LD_LIBRARY_PATH": folder.path]
        let config = Self.good + "compression: {encodings: [gzip, zstd]}\n"
        try folder.write(config, to: "martlet.yaml")
        let result = try program("check", file, environment: environment)
        let warning = "warning: nothing is compressed with zstd, as its library is not there; install libzstd"
        #expect(result.has(code: 0) && result.output == "\(file): good, but 1 warning\n")
        #expect(result.errors.hasPrefix("\(file):4:33: \(warning)"), "\(result.errors)")
        try folder.write(Self.good + "compression: on\n", to: "martlet.yaml")
        #expect(try program("check", file, environment: environment).output == "\(file): good\n")
        let started = try RunningMartlet(
            config.replacing("':1'", with: "'127.0.0.1:0'"), folder: folder, environment: environment)
        #expect(started.errors.contains(warning))
        try started.stop()
    }

    @Test func aFileThatCannotBeReadIsTold() throws {
        let missing = try program("check", "/nowhere/martlet.yaml")
        #expect(missing.has(code: 78))
        #expect(missing.errors.contains("/nowhere/martlet.yaml: error: cannot read the file: there is no such file"))
        #expect(try program("check", folder.path).has(code: 78), "a folder")
        #expect(try check("").has(code: 78), "an empty file")
    }

    /// Included files and references are looked at as when it runs.
    @Test func whatTheFileLeadsToIsChecked() throws {
        try folder.write("upstreams: {b: {servers: ['127.0.0.1:2']}}\n", to: "more.yaml")
        let odd = try check(Self.good + "include: [more.yaml, none/*.yaml]\n")
        #expect(odd.has(code: 0) && odd.output == "\(file): good, but 2 warnings\n")
        #expect(odd.errors.contains("\(file):4:22: warning: no file matches '"))
        #expect(odd.errors.contains("/more.yaml:1:13: warning: no route leads to upstream 'b'"))
        let bad = try check(Self.good + "workers: ${MARTLET_NOBODY_SETS_THIS}\nlog: {level: \"${file:none}\"}\n")
        #expect(bad.has(code: 78))
        #expect(bad.errors.contains("\(file):4:10: error: the environment has no variable 'MARTLET_NOBODY_SETS_THIS'"))
        #expect(bad.errors.contains("\(file):5:14: error: cannot read the file"))
    }

    @Test(arguments: [(good, 0, 0), (odd, 1, 0), (bad, 2, 78)] as [(String, Int, Int32)])
    func editorsGetJSON(text: String, count: Int, code: Int32) throws {
        let result = try check(text, "--json")
        #expect(result.has(code: code) && result.errors.isEmpty)
        let list = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        #expect(list?.count == count)
        for problem in list ?? [] {
            #expect(problem["file"] as? String == file)
            #expect(problem["line"] is Int && problem["column"] is Int && problem["message"] is String)
        }
    }

    /// `script` gives the program a terminal.
    @Test(.enabled(if: MartletBinary.hasProgram("script")), arguments: [false, true])
    func coloursAreForTerminalsUnlessUnwanted(isUnwanted: Bool) throws {
        #expect(try !check(Self.bad).errors.contains("\u{1B}"))
        // Whoever runs the tests may have NO_COLOR in the environment.
        let wish = isUnwanted ? "NO_COLOR=1" : "-u NO_COLOR"
        let (exit, output, _) = try ChildProcess.run(
            "script", ["-qec", "env \(wish) '\(MartletBinary.path)' check '\(file)'", "/dev/null"])
        #expect(exit == .code(78))
        #expect(output.contains("is not a port"))
        #expect(output.contains("\u{1B}[") != isUnwanted)
    }
}
