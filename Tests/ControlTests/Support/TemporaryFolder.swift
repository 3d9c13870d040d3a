import Foundation

/// A folder of its own for a test, removed with the value.
struct TemporaryFolder: ~Copyable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "martlet-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: false)
    }
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    }
    func read(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }
    func move(_ name: String, to new: String) {
        try? FileManager.default.moveItem(atPath: path(name), toPath: path(new))
    }
    /// Puts a file or a link in the place of another one, in one step.
    func replace(_ name: String, by other: String) -> Bool { unsafe rename(path(other), path(name)) == 0 }
    func setMode(_ name: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
    }
    func mode(_ name: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(name))
        return attributes?[.posixPermissions] as? Int ?? -1
    }
}

/// A pipe that can be opened by a path.
struct TestPipe: ~Copyable {
    /// Kept open, so that the path stays good; it writes nothing.
    private let writing: FileHandle
    private var reading: FileHandle?

    init() {
        let pipe = Pipe()
        writing = pipe.fileHandleForWriting
        reading = pipe.fileHandleForReading
    }

    /// Opening it gives a writing end of its own.
    var path: String { "/proc/self/fd/\(writing.fileDescriptor)" }

    mutating func closeReader() throws {
        try reading?.close()
        reading = nil
    }

    mutating func openReader() throws {
        reading = try FileHandle(forReadingFrom: URL(filePath: path))
    }

    /// The next `count` bytes; waits for them.
    func read(_ count: Int) throws -> [UInt8] { Array(try reading?.read(upToCount: count) ?? Data()) }
}
