import Foundation
import MartletProxyConfig
import Testing

struct FileTests {
    /// What the user sees for a file with these bytes; the name of the file is replaced by `FILE`.
    static func shown(_ bytes: [UInt8]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString).yaml")
            .path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return shown(path: path).replacing(path, with: "FILE")
    }

    static func shown(path: String) -> String {
        do throws(ConfigurationErrors) {
            _ = try ConfigurationLoader.load(path: path)
            return "fine"
        } catch {
            return error.text(colour: false)
        }
    }

    static let text = "listeners: [{address: ':1'}]\n"

    @Test func aFileIsRead() throws {
        #expect(try FileTests.shown(Array(FileTests.text.utf8)) == "fine")
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        #expect(try FileTests.shown([0xEF, 0xBB, 0xBF] + FileTests.text.utf8) == "fine")
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0x00], "FILE: error: the file is UTF-16; expected UTF-8\n"),
            (Array("a: 1\nbü: \u{FF}".utf8.dropLast(1)) + [0x20], "FILE:2:5: error: the file is not UTF-8\n"),
            (Array("a: ".utf8) + [0xE9], "FILE:1:4: error: the file is not UTF-8\n"),
        ] as [([UInt8], String)])
    func bytesThatAreNoUTF8AreRefused(bytes: [UInt8], expected: String) throws {
        let actual = try FileTests.shown(bytes)
        #expect(actual == expected)
    }

    @Test func aFileThatIsNotThereIsSaidNotToBeThere() {
        #expect(
            FileTests.shown(path: "/nowhere/m.yaml")
                == "/nowhere/m.yaml: error: cannot read the file: there is no such file\n")
    }

    @Test func aDirectoryIsNoFile() {
        #expect(FileTests.shown(path: "/tmp") == "/tmp: error: cannot read the file: it is a directory\n")
    }

    @Test func aFileMayHave16MiB() throws {
        let filler = [UInt8](repeating: 0x23, count: (16 << 20) - FileTests.text.utf8.count)
        #expect(try FileTests.shown(Array(FileTests.text.utf8) + filler) == "fine")
        #expect(
            try FileTests.shown(Array(FileTests.text.utf8) + filler + [0x23])
                == "FILE: error: the file is larger than 16 MiB\n")
    }
}
