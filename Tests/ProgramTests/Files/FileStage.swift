// What tests of files share: a folder with files, and clients that get them.
import Foundation
import MartletTestSupport

/// A proxy that serves files below `www` of its folder.
struct FileStage {
    let martlet: RunningMartlet

    /// - Parameters:
    ///   - files: the value of `files` in the config; `FOLDER/www` is the folder.
    ///   - route: more lines of the route.
    ///   - more: more sections of the file.
    ///   - fill: puts files into the test's folder.
    init(
        _ files: String = "FOLDER/www", path: String = "/*", route: [String] = [], _ more: String = "",
        fill: (TestFolder) throws -> Void = { _ in }
    ) throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("www"), withIntermediateDirectories: false)
        try fill(folder)
        martlet = try RunningMartlet(
            """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            routes:
              - path: "\(path)"
                files: \(files)
            \(route.map { "    \($0)\n" }.joined())
            \(more)
            """, folder: folder)
    }

    /// What curl gets of a path that is sent as it is written.
    func curl(_ path: String, _ arguments: [String] = []) throws -> String {
        let result = try curlResult(path, arguments)
        if result.exit != .code(0) { throw TestFailure("curl: \(result.exit) \(result.errors)") }
        return result.output
    }

    func curlResult(
        _ path: String, _ arguments: [String] = []
    ) throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
        let url = "http://127.0.0.1:\(try martlet.port())\(path)"
        return try ChildProcess.run("curl", ["-sS", "--path-as-is", "--max-time", "300"] + arguments + [url])
    }

    /// Waits until no file is open, and ends the proxy.
    func stop() throws {
        try martlet.waitForMetric("martlet_files_active", 0)
        try martlet.stop()
    }
}

extension TestFolder {
    /// Makes a folder in it.
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    /// Makes a symbolic link.
    func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: destination)
    }

    /// Makes a file that takes no room on the disk, or changes the length of one.
    func resize(_ name: String, to size: Int) throws {
        let result = try ChildProcess.run("truncate", ["-s", "\(size)", path(name)])
        if result.exit != .code(0) { throw TestFailure(result.errors) }
    }

    /// Sets when a file was changed last, as `touch -d` takes it.
    func touch(_ name: String, _ time: String) throws {
        let result = try ChildProcess.run("touch", ["-d", time, path(name)])
        if result.exit != .code(0) { throw TestFailure(result.errors) }
    }
}
