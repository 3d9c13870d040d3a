// Files of a test.
import Foundation

/// A folder of its own, removed with its last owner.
final class TestFolder: Sendable {
    /// Short, because the path of a Unix socket must fit 107 bytes.
    let path: String

    init() throws {
        path = "/tmp/martlet-test-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file; its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    /// What is in a file; `nil` if there is none.
    func read(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }
}
