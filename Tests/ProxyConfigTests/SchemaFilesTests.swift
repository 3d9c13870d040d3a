import Foundation
import MartletProxyConfig
import Testing

/// The files that are made from the doc comments of the schema are the ones that are checked in. With
/// `MARTLET_UPDATE=1` in the environment, as `dev/schema` sets it, they are written instead.
struct SchemaFilesTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The texts in the sources, as far as the manual needs them.
    static func texts() throws -> [String: String] {
        let folder = root.appendingPathComponent("Sources/ProxyConfig/Schema")
        var texts: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            texts.merge(DocComments.read(try String(contentsOf: file, encoding: .utf8))) { first, _ in first }
        }
        let names = Set(SchemaDocument.textNames)
        return texts.filter { names.contains($0.key) }
    }

    private func compare(_ generated: String, with path: String) throws {
        let file = SchemaFilesTests.root.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE"] == "1" {
            try generated.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let present = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        #expect(present == generated, "\(path) is out of date: run dev/schema and commit what it changes")
    }

    @Test func everySectionAndEveryKeyHasADocComment() throws {
        let texts = try SchemaFilesTests.texts()
        for name in SchemaDocument.textNames {
            #expect(
                texts[name, default: ""].hasSuffix("."),
                "\(name) has no doc comment, or one that does not end with a full stop")
        }
    }

    @Test func theManualInTheProgramIsUpToDate() throws {
        let folder = "Sources/ProxyConfig/Document/Manual"
        let files = DocComments.manual(try SchemaFilesTests.texts())
        for (name, source) in files { try compare(source, with: "\(folder)/\(name)") }
        // That of a section which is there no more.
        let place = SchemaFilesTests.root.appendingPathComponent(folder)
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where files[name] == nil {
            try remove("\(folder)/\(name)")
        }
    }

    private func remove(_ path: String) throws {
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE"] == "1" {
            try FileManager.default.removeItem(at: SchemaFilesTests.root.appendingPathComponent(path))
            return
        }
        Issue.record("\(path) is of no section: run dev/schema and commit what it changes")
    }

    @Test func theReferencePageIsUpToDate() throws {
        try compare(SchemaDocument.referencePage(texts: try SchemaFilesTests.texts()), with: "docs/config.md")
    }

    @Test func theJSONSchemaIsUpToDate() throws {
        try compare(SchemaDocument.jsonSchema(texts: try SchemaFilesTests.texts()), with: "docs/config.schema.json")
    }

    @Test func theProgramHasTheSameDocumentsBuiltIn() throws {
        let texts = try SchemaFilesTests.texts()
        guard ProcessInfo.processInfo.environment["MARTLET_UPDATE"] != "1" else { return }
        #expect(SchemaDocument.referencePage() == SchemaDocument.referencePage(texts: texts))
        #expect(SchemaDocument.jsonSchema() == SchemaDocument.jsonSchema(texts: texts))
    }
}
