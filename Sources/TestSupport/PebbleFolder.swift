// The files of a pebble that runs.
import Foundation

/// A folder that is gone when nobody holds it any longer.
final class PebbleFolder: Sendable {
    let path: String

    init() throws(TestFailure) {
        path = NSTemporaryDirectory() + "/martlet-pebble-\(UUID())"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch { throw TestFailure("\(error)") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ text: String) throws(TestFailure) {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: file(name))) } catch { throw TestFailure("\(error)") }
    }
}
