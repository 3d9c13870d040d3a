// Whether a file has changed. One of the few files that hold `unsafe`: the kernel fills a structure.
import Glibc

/// What tells one state of a file from the next, without reading it.
package struct FileStamp: Equatable, Sendable {
    private var device: UInt = 0
    private var inode: UInt = 0
    private var size = 0
    private var written: [Int] = []
    private var changed: [Int] = []

    /// Whether there is a file.
    package var exists: Bool { inode != 0 }

    /// Of the file that `path` leads to, through all symbolic links; one that is not there has a stamp too.
    package init(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
        written = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        // A change of the mode may be what lets it be read.
        changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
}
