// Where the program is that these tests start.
import Foundation
import MartletTestSupport

enum MartletBinary {
    /// What MARTLET_BINARY names, or else what was built together with the tests and stands beside them.
    static let path = ProcessInfo.processInfo.environment["MARTLET_BINARY"] ?? besideTests

    /// The option that has it run on the engine that MARTLET_ENGINE names, if that is there.
    static let engine = TestHost.engineOption

    private static var besideTests: String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "."
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "martlet").path
    }

    /// Whether a program is in PATH, for tests with clients that a machine need not have.
    static func hasProgram(_ name: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}
