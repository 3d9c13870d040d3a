// Folders that files are served from. One of the few files that hold `unsafe`: the kernel takes pointers.
import CEventLoop
import Glibc

/// How a path is walked.
package struct PathWalk: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A symbolic link ends it, wherever it leads.
    package static let withoutLinks = PathWalk(rawValue: martlet_walk_without_links)
    /// It ends rather than wait for a disk or a network.
    package static let cached = PathWalk(rawValue: martlet_walk_cached)
}

/// A folder, below which files are found. Nothing above it can be reached through it.
package final class FolderHandle: Sendable {
    private let descriptor: Int32
    /// Which folder it is, whatever its path leads to later.
    package let identity: FileIdentity

    /// Opens the folder that `path` leads to.
    /// - Throws: what open(2) answers.
    package init(_ path: String) throws(SystemError) {
        descriptor = try SystemError.check(unsafe martlet_open_folder(path))
        var status = martlet_file()
        _ = unsafe martlet_file_status(descriptor, &status)
        identity = FileIdentity(device: status.device, inode: status.inode)
    }

    deinit { Glibc.close(descriptor) }

    /// Opens what lies at `path` below the folder, of whatever kind it is; the folder itself if it is empty. The kernel sees to
    /// it that no "..", no link and no change made meanwhile leads out of the folder (RESOLVE_BENEATH of openat2(2)).
    /// - Throws: what openat2(2) answers; `SystemError.wouldWait` where `walk` forbids that.
    package func open(_ path: [UInt8], _ walk: PathWalk) throws(SystemError) -> OpenFile {
        // NUL would end the path early.
        if path.contains(0) { throw SystemError(ENOENT) }
        let text = (path.isEmpty ? [0x2E] : path).map { CChar(bitPattern: $0) } + [0]
        let result = unsafe martlet_open_beneath(descriptor, text, walk.rawValue)
        // EINVAL: a kernel that does not know how to open without waiting (before Linux 5.12).
        if result == -EINVAL && walk.contains(.cached) { throw SystemError.wouldWait }
        return try OpenFile(owning: SystemError.check(result))
    }
}

/// What tells one file from another.
package struct FileIdentity: Equatable, Sendable {
    package let device: UInt64
    package let inode: UInt64
}

extension SystemError {
    /// It cannot be done at once.
    package static var wouldWait: SystemError { SystemError(EAGAIN) }
    /// Whether nothing is there that may be seen: no such path, or one that leads out of its folder or through a link that may not
    /// be followed.
    package var isAbsence: Bool {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, EXDEV, ENAMETOOLONG, ENXIO, ENODEV, EILSEQ: true
        default: false
        }
    }
    /// Whether the process lacks the right.
    package var isDenial: Bool { code == EACCES || code == EPERM }
    /// Whether the kernel has no openat2(2), which came with Linux 5.6.
    package var isMissingCall: Bool { code == ENOSYS }
}
