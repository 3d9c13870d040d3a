import Foundation
import MartletProxyConfig
import MartletTestSupport
import Testing

/// Configs of several files.
struct IncludeTests {
    static let main = """
        include: sites/*.yaml
        listeners: [{address: ":8080"}]
        upstreams: {main: {servers: ["a:1"]}}
        routes: [{path: /main, upstream: main}]

        """

    /// What the user sees for these files; the folder's name is left away.
    private static func shown(_ files: [String: String]) throws -> String {
        let folder = try folder(files)
        do throws(ConfigurationErrors) {
            let checked = try ConfigurationLoader.check(path: folder.path("martlet.yaml"))
            let text = DiagnosticText.render(checked.warnings, sources: checked.sources, colour: false)
            return (text.isEmpty ? "fine" : text).replacing(folder.path + "/", with: "")
        } catch {
            return error.text(colour: false).replacing(folder.path + "/", with: "")
        }
    }

    private static func folder(_ files: [String: String]) throws -> TestFolder {
        let folder = try TestFolder()
        for (name, text) in files {
            if let slash = name.lastIndex(of: "/") {
                try FileManager.default.createDirectory(
                    atPath: folder.path(String(name[..<slash])), withIntermediateDirectories: true)
            }
            _ = try folder.write(text, to: name)
        }
        return folder
    }

    private static func configuration(_ files: [String: String]) throws -> Configuration {
        let folder = try folder(files)
        return try ConfigurationLoader.load(path: folder.path("martlet.yaml"))
    }

    @Test func listsGoOnAndNamesComeTogether() throws {
        let configuration = try Self.configuration([
            "martlet.yaml": Self.main,
            "sites/b.yaml":
                "routes: [{path: /b, upstream: b}]\nupstreams: {b: {servers: ['b:1']}}\nlimits: {uri: 1KiB}\n",
            "sites/a.yaml":
                "routes:\n  - path: /a\n    upstream: a\nupstreams: {a: {servers: ['a:1']}}\ntimeouts: {idle: 3s}\n",
            "sites/.hidden.yaml": "this: is not read\n", "sites/other.txt": "nor: this\n",
        ])
        #expect(configuration.routes.map(\.path) == ["/main", "/a", "/b"])
        #expect(configuration.upstreams.map(\.name) == ["main", "a", "b"])
        #expect(configuration.timeouts.idle == .seconds(3) && configuration.limits.uri == 1024)
        #expect(configuration.include == ["sites/*.yaml"])
    }

    @Test func filesIncludeOthersRelativeToThemselves() throws {
        let configuration = try Self.configuration([
            "martlet.yaml": "include: [more/one.yaml]\nlisteners: [{address: ':1'}]\n",
            "more/one.yaml": "include: deep/*.yaml\ntrustedProxies: [10.0.0.0/8]\n",
            "more/deep/two.yaml": "trustedProxies: [192.168.0.0/16]\nlisteners: [{address: ':2'}]\n",
        ])
        #expect(configuration.listeners.count == 2 && configuration.trustedProxies.count == 2)
    }

    /// A file that is asked for in several ways is read once, and a pattern that also matches the main file passes it over.
    @Test func everyFileIsReadOnce() throws {
        let configuration = try Self.configuration([
            "martlet.yaml": "include: ['*.yaml', a.yaml, ./a.yaml, 'a.*']\nlisteners: [{address: ':1'}]\n",
            "a.yaml": "listeners: [{address: ':2'}]\n",
        ])
        #expect(configuration.listeners.count == 2)
    }

    @Test func whatIsSetInTwoFilesIsAnErrorThatNamesBoth() throws {
        let shown = try Self.shown([
            "martlet.yaml": Self.main + "limits: {uri: 1KiB}\nworkers: 2\n",
            "sites/a.yaml": "workers: 3\nlimits: {uri: 2KiB, connections: 9}\n",
            "sites/b.yaml": "upstreams:\n  main: {servers: ['b:1']}\nlimits: {connections: 8}\n",
        ])
        #expect(
            shown == """
                sites/a.yaml:1:1: error: 'workers' is set in two files; it is already set in martlet.yaml on line 6
                    workers: 3
                    ^~~~~~~
                sites/a.yaml:2:10: error: 'uri' in 'limits' is set in two files; it is already set in martlet.yaml on line 5
                    limits: {uri: 2KiB, connections: 9}
                             ^~~
                sites/b.yaml:2:3: error: 'main' in 'upstreams' is set in two files; it is already set in martlet.yaml on line 3
                      main: {servers: ['b:1']}
                      ^~~~
                sites/b.yaml:3:10: error: 'connections' in 'limits' is set in two files; \
                it is already set in sites/a.yaml on line 2
                    limits: {connections: 8}
                             ^~~~~~~~~~~

                """)
    }

    @Test func mistakesAreSaidWithTheirFile() throws {
        let shown = try Self.shown([
            "martlet.yaml": Self.main,
            "sites/a.yaml": "routes: [{path: /a, upstrem: main}]\n",
            "sites/b.yaml": "routes:\n  - {path: /b, upstream: nobody}\n",
        ])
        #expect(
            shown
                == """
                sites/a.yaml:1:21: error: unknown key 'upstrem' in a route; did you mean 'upstream'?
                    routes: [{path: /a, upstrem: main}]
                                        ^~~~~~~
                sites/b.yaml:2:26: error: there is no upstream 'nobody'; did you mean 'main'?
                      - {path: /b, upstream: nobody}
                                             ^~~~~~

                """.replacing("did you mean 'main'?", with: "there is 'main'"))
    }

    @Test func syntaxErrorsOfAllFilesAreSaid() throws {
        let shown = try Self.shown([
            "martlet.yaml": Self.main, "sites/a.yaml": "routes: [\n", "sites/b.yaml": "a: b: c\n",
            "sites/c.yaml": "- a\n", "sites/d.yaml": "# nothing\n",
        ])
        for start in [
            "sites/a.yaml:2:1: error: this is not valid YAML", "sites/b.yaml:1:5: error: this is not valid YAML",
            "sites/c.yaml:1:1: error: the file is a list; expected a mapping as in the main file",
        ] {
            #expect(shown.contains(start), "\(shown)")
        }
        #expect(!shown.contains("sites/d.yaml"))
    }

    @Test(
        arguments: [
            ("include: none/*.yaml", "martlet.yaml:1:10: warning: no file matches 'none/*.yaml'"),
            (
                "include: none.yaml",
                "martlet.yaml:1:10: error: 'none.yaml': cannot read the file: there is no such file"
            ),
            ("include: [martlet.yaml]", "martlet.yaml:1:11: error: the file 'martlet.yaml' includes itself"),
            (
                "include: [a.yaml, {b: c}]",
                "martlet.yaml:1:19: error: 'include[1]' is a mapping; expected the path of a file"
            ),
            ("include: loop.yaml", "back.yaml:1:10: error: the file 'loop.yaml' includes itself"),
            ("include: deep/1.yaml", "deep/7.yaml:1:10: error: files include each other more than 8 deep"),
            ("include: ${NOWHERE}.yaml", "martlet.yaml:1:10: error: the environment has no variable 'NOWHERE'"),
        ])
    func whatCannotBeIncludedIsSaid(line: String, expected: String) throws {
        var files = [
            "martlet.yaml": line + "\nlisteners: [{address: ':1'}]\n", "a.yaml": "log: {}\n",
            "loop.yaml": "include: back.yaml\n", "back.yaml": "include: loop.yaml\n",
        ]
        for depth in 1..<12 { files["deep/\(depth).yaml"] = "include: \(depth + 1).yaml\n" }
        let shown = try Self.shown(files)
        #expect(shown.hasPrefix(expected), "\(shown)")
    }

    @Test func whatIsWatchedIsAllThatWasLookedFor() throws {
        let folder = try Self.folder([
            "martlet.yaml": Self.main + "include2: x\n", "sites/a.yaml": "log: {}\n",
        ])
        let errors = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationLoader.check(path: folder.path("martlet.yaml"))
        }
        let sources = try #require(errors?.sources)
        #expect(sources.watched == [folder.path("martlet.yaml"), folder.path("sites/a.yaml")])
        #expect(sources.folders == [folder.path("sites/")])
        #expect(sources.matches == [folder.path("sites/a.yaml")])
        _ = try folder.write("", to: "sites/b.yaml")
        #expect(sources.matches == [folder.path("sites/a.yaml"), folder.path("sites/b.yaml")])
    }
}

/// Names that patterns stand for.
struct FilePatternTests {
    @Test(
        arguments: [
            ("*.yaml", "a.yaml", true), ("*.yaml", ".yaml", false), ("*.yaml", "a.yml", false), ("*", "a", true),
            (".*", ".a", true), ("a?c", "abc", true), ("a?c", "ac", false), ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[!a-c]x", "dx", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("[]]", "]", true),
            ("[ab", "[ab", true), ("**", "ab", true), ("*a", "aaa", true), ("", "", true), ("a", "", false),
        ])
    func standForNames(pattern: String, name: String, expected: Bool) throws {
        let folder = try TestFolder()
        guard !name.isEmpty, !pattern.isEmpty else { return }
        _ = try folder.write("", to: name)
        _ = try folder.write("", to: "other")
        var sources = ConfigurationSources()
        sources.patterns = [folder.path(pattern)]
        let isThere = FileManager.default.fileExists(atPath: folder.path(pattern)) && pattern == "[ab"
        #expect((sources.matches.contains(folder.path(name)) || isThere) == expected)
    }

    @Test func manyStarsTakeNoTime() throws {
        let folder = try TestFolder()
        _ = try folder.write("", to: String(repeating: "a", count: 200))
        var sources = ConfigurationSources()
        sources.patterns = [folder.path(String(repeating: "*a", count: 90) + "b")]
        let took = ContinuousClock().measure { #expect(sources.matches.isEmpty) }
        // Trying each way in which the stars can share the letters would take longer than the world exists.
        #expect(took < .seconds(60))
    }
}
