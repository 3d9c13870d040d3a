import Foundation
import MartletProxyConfig
import Testing

struct ExampleTests {
    static let folder = SchemaFilesTests.root.appendingPathComponent("docs/examples")

    static func configuration(_ name: String) throws -> CheckedConfiguration {
        try ConfigurationLoader.check(path: folder.appendingPathComponent(name).path)
    }

    @Test func everyExampleLoadsWithoutAWarning() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: ExampleTests.folder.path)
        #expect(names.count >= 4)
        for name in names.sorted() {
            let checked = try ExampleTests.configuration(name)
            #expect(checked.warnings == [], "\(name)")
        }
    }

    @Test func whatTheExampleOfEverythingShowsAreTheDefaults() throws {
        let shown = try ExampleTests.configuration("everything.yaml").configuration
        var plain = Configuration(listeners: shown.listeners, routes: shown.routes)
        plain.upstreams = shown.upstreams.map { UpstreamConfiguration(name: $0.name, servers: $0.servers) }
        plain.admin = shown.admin
        #expect(shown == plain)
    }

    @Test func theExampleOfEverythingHasEveryKey() throws {
        let text = try String(
            contentsOf: ExampleTests.folder.appendingPathComponent("everything.yaml"), encoding: .utf8)
        for name in SchemaDocument.textNames {
            guard let dot = name.firstIndex(of: ".") else { continue }
            #expect(text.contains("\(name[name.index(after: dot)...]):"), "\(name)")
        }
    }

    /// The page says what the code does: a file with every default it names is the same as one without.
    @Test func theDefaultsOnTheReferencePageAreThoseOfTheCode() throws {
        var defaults: [String: String] = [:]
        for block in SchemaDocument.referencePage().split(separator: "### `").dropFirst() {
            guard let start = block.range(of: "; default `")?.upperBound else { continue }
            defaults[String(block.prefix { $0 != "`" })] = String(block[start...].prefix { $0 != "`" })
        }
        #expect(defaults.count >= 30)
        let plain =
            "listeners: [{address: ':1'}]\nroutes: [{upstream: a%ROUTE%}]\n"
            + "upstreams: {a: {servers: ['a:1']%UPSTREAM%}}\n"
        var written = plain
        // `accessLog` is a section or `off`, and shows its keys one by one.
        for section in ["limits", "timeouts", "rates", "log", "accessLog"] {
            written += "\(section): {\(ExampleTests.keys(of: section, in: defaults).joined(separator: ", "))}\n"
        }
        for (key, value) in defaults where !key.contains(".") && key != "routes" { written += "\(key): \(value)\n" }
        let pool = ExampleTests.keys(of: "upstreams.NAME.pool", in: defaults).joined(separator: ", ")
        let upstream = ExampleTests.keys(of: "upstreams.NAME", in: defaults) + ["pool: {\(pool)}"]
        written.replace("%UPSTREAM%", with: ", " + upstream.joined(separator: ", "))
        written.replace("%ROUTE%", with: ", " + ExampleTests.keys(of: "routes[]", in: defaults).joined(separator: ", "))
        let bare = plain.replacing("%UPSTREAM%", with: "").replacing("%ROUTE%", with: "")
        let withDefaults = try ConfigurationLoader.parse(written, file: "reference")
        #expect(try withDefaults == ConfigurationLoader.parse(bare, file: "bare"))
        let count = written.count { $0 == ":" }
        #expect(count > defaults.count, "\(written)")
    }

    private static func keys(of section: String, in defaults: [String: String]) -> [String] {
        defaults.filter { $0.key.hasPrefix(section + ".") && !$0.key.dropFirst(section.count + 1).contains(".") }
            .map { "\($0.key.dropFirst(section.count + 1)): \($0.value)" }.sorted()
    }
}
