// The built program with a config file, from its start to its end.
import Glibc
import MartletTestSupport
import Synchronization

/// A running `martlet run`. It is killed with its last owner; a test that ends well ends it with `stop`, which
/// `withMartlet` does for it.
final class RunningMartlet: Sendable {
    let process: ChildProcess
    /// Where its config is, and whatever else a test puts there.
    let folder: TestFolder
    /// Where it listens, by the names of the listeners, "admin" included: `127.0.0.1:PORT`, `[::1]:PORT` or `unix:PATH`.
    let addresses: [(listener: String, address: String)]
    /// The connection for `metrics` and other questions to the admin listener.
    let adminSocket = Mutex<TestSocket?>(nil)

    /// Starts it, and waits until it listens.
    /// - Parameters:
    ///   - config: the YAML file's text; `FOLDER` in it stands for the path of `folder`.
    ///   - arguments: behind `martlet run FILE`.
    ///   - engine: the option that says what its event loops stand on.
    convenience init(
        _ config: String, _ arguments: [String] = [], folder: TestFolder? = nil, environment: [String: String] = [:],
        engine: [String] = MartletBinary.engine
    ) throws {
        try self.init(
            config, MartletBinary.path, engine + arguments, folder: try folder ?? TestFolder(), environment: environment
        )
    }

    /// - Parameter place: where the program is that is started, which a test can replace.
    convenience init(_ config: String, _ arguments: [String] = [], at place: ProgramPlace) throws {
        try self.init(
            config, place.path, MartletBinary.engine + arguments, folder: place.folder, environment: [:])
    }

    private init(
        _ config: String, _ program: String, _ arguments: [String], folder: TestFolder, environment: [String: String]
    ) throws {
        let file = try folder.write(config.replacing("FOLDER", with: folder.path), to: "martlet.yaml")
        self.folder = folder
        // Each has its own socket for operators, and its own state.
        let places = ["RUNTIME_DIRECTORY": folder.path, "STATE_DIRECTORY": folder.path]
        process = try ChildProcess(
            program, ["run", file] + arguments, environment: places.merging(environment) { $1 })
        // The line behind those that tell the addresses.
        let log = try process.waitForOutput(containing: " notice started ", on: .errors)
        addresses = Self.addresses(in: log)
    }

    private static func addresses(in log: String) -> [(listener: String, address: String)] {
        log.split(separator: "\n").filter { $0.contains(" listening ") }.compactMap { line in
            guard let listener = value("listener", in: line), let address = value("address", in: line) else {
                return nil
            }
            return (listener, address)
        }
    }

    private static func value(_ key: String, in line: Substring) -> String? {
        let words = line.split(separator: " ")
        return words.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    /// All that it has written to its standard error so far.
    var errors: String { process.errors }

    /// Ends it with a signal, and waits for its end.
    /// - Throws: when it does not end within `limit`, or with another exit code.
    func stop(_ signal: Int32 = SIGTERM, exitCode: Int32 = 0, _ limit: Duration = .seconds(20)) throws {
        process.signal(signal)
        let exit = try process.wait(limit)
        if exit != .code(exitCode) {
            throw TestFailure("martlet ended with \(exit), its standard error:\n" + errors)
        }
    }
}

/// Runs a test with a proxy, and ends the proxy: a test passes only if the proxy has not crashed and drains in time.
func withMartlet(_ config: String, _ test: (RunningMartlet) throws -> Void) throws {
    let martlet = try RunningMartlet(config)
    do {
        try test(martlet)
    } catch {
        throw TestFailure("\(error)\nmartlet's standard error:\n\(martlet.errors)")
    }
    try martlet.stop()
}
