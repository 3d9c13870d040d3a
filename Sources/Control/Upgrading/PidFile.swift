// A file that says which process this is.
import Glibc
import MartletEventLoop

/// Written at the start and removed at the end, unless another process has written its own number by then.
package struct PidFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// What the file says; `nil` when there is none, or it is none.
    package var process: Int32? {
        guard let bytes = try? FileBytes.read(path) else { return nil }
        let text = String(decoding: bytes.prefix(32), as: UTF8.self)
        return Int32(text.prefix { !$0.isWhitespace })
    }

    /// Writes this process's number, whoever may read it. The file stays the same one: who follows a process whose account may
    /// not make files in the folder can still write in it.
    func write() throws(SystemError) {
        try HostProcess.overwrite(path, Array("\(getpid())\n".utf8))
    }

    /// Removes it if it is this process's.
    func remove() { if process == getpid() { FileRemoval.remove(path) } }
}
