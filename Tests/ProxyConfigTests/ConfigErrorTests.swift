import Foundation
import MartletProxyConfig
import Testing

/// Each file `Tests/ConfigErrors/NAME.yaml` has one kind of mistake; `NAME.txt` is what the user then sees. With
/// `MARTLET_UPDATE=1` in the environment the texts are written anew; read them before you commit them.
struct ConfigErrorTests {
    static let folder = SchemaFilesTests.root.appendingPathComponent("Tests/ConfigErrors")

    static func names(_ suffix: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
    }

    @Test(arguments: names(".yaml"))
    func saysWhatIsWrong(name: String) throws {
        let text = try String(
            contentsOf: ConfigErrorTests.folder.appendingPathComponent(name + ".yaml"), encoding: .utf8)
        let golden = ConfigErrorTests.folder.appendingPathComponent(name + ".txt")
        let actual = shown(text)
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE"] == "1" {
            try actual.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(try actual == String(contentsOf: golden, encoding: .utf8))
        #expect(actual.contains("error: ") != name.hasPrefix("warning-"))
    }

    @Test func everyMistakeHasItsText() {
        #expect(ConfigErrorTests.names(".yaml") == ConfigErrorTests.names(".txt"))
        #expect(ConfigErrorTests.names(".yaml").count >= 40)
    }
}
