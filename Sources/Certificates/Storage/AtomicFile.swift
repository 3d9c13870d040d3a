// Files that are there wholly or not at all. One of the few files that hold `unsafe`: system calls take paths as pointers.
import Foundation
import Glibc

package enum AtomicFile {
    /// Replaces the file at `path`, for its owner's eyes only (mode 0600). Whoever reads it finds all of the old or all of the
    /// new, also after a power cut.
    package static func write(_ bytes: [UInt8], to path: String) throws(AcmeError) {
        let temporary = "\(path).\(getpid()).new"
        unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { throw failure("cannot make", temporary) }
        do {
            defer { close(descriptor) }
            try fill(descriptor, bytes, temporary)
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        if unsafe rename(temporary, path) != 0 {
            let error = failure("cannot replace", path)
            unsafe unlink(temporary)
            throw error
        }
        syncFolder(of: path)
    }

    /// What the file has; `nil` if there is none.
    static func read(_ path: String) throws(AcmeError) -> [UInt8]? {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch CocoaError.fileReadNoSuchFile {
            return nil
        } catch {
            throw AcmeError("cannot read \(path): \(error.localizedDescription)")
        }
    }

    /// Makes the folder and those above it, for their owner only (mode 0700). Those that are there are left as they are.
    package static func makeFolder(_ path: String) throws(AcmeError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw AcmeError("cannot make the folder \(path): \(error.localizedDescription)")
        }
    }

    private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(AcmeError) {
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        do { try file.write(contentsOf: Data(bytes)) } catch {
            throw AcmeError("cannot write \(path): \(error.localizedDescription)")
        }
        if fsync(descriptor) != 0 { throw failure("cannot write", path) }
    }

    /// Without it, the new name may be forgotten in a power cut. Not all file systems can, so a failure is let pass.
    private static func syncFolder(of path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ what: String, _ path: String) -> AcmeError {
        AcmeError("\(what) \(path): \(unsafe String(cString: strerror(errno)))")
    }
}
