// Files of a test.
import Foundation

/// A folder of its own, removed with its last owner.
package final class TestFolder: Sendable {
    /// Short, because the path of a Unix socket must fit 107 bytes.
    package let path: String

    /// Makes the folder.
    package init() throws(TestFailure) {
        path = "/tmp/martlet-test-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        } catch { throw TestFailure("\(error)") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    package func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file; its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws(TestFailure) -> String {
        do {
            try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        } catch { throw TestFailure("\(error)") }
        return path(name)
    }

    /// Writes a script of a shell that can be run; its path.
    ///
    /// Another process writes the file: a child that this one is just starting has its open files for a moment, and Linux starts
    /// no program that somebody has open for writing (`ETXTBSY`).
    @discardableResult
    package func script(_ text: String, named name: String) throws(TestFailure) -> String {
        let draft = try write("#!/bin/sh\n\(text)\n", to: name + ".draft")
        let result = try ChildProcess.run("install", ["-m", "755", draft, path(name)])
        if result.exit != .code(0) { throw TestFailure("\(name): \(result.errors)") }
        return path(name)
    }

    /// What is in a file; `nil` if there is none.
    package func read(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }
}
