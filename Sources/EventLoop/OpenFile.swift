// Files that are read and sent. One of the few files that hold `unsafe`: the kernel takes pointers.
import CEventLoop
import Glibc

/// What a path has led to.
package enum FileKind: Sendable {
    case file, folder
    /// A FIFO, a socket or a device.
    case other
}

/// A descriptor with one owner, who closes it.
struct OwnedDescriptor: ~Copyable {
    let number: Int32

    deinit { Glibc.close(number) }
}

/// A file that is open for reading, with what it was when it was opened. Closed once, when nobody has it any more; it may be
/// read from several threads, as every read says where.
package final class OpenFile: Sendable {
    private let descriptor: OwnedDescriptor
    package let kind: FileKind
    /// In bytes.
    package let size: Int64
    /// When it was changed last: seconds since 1970, and nanoseconds behind them.
    package let modified: (seconds: Int64, nanoseconds: Int64)

    /// Takes a descriptor over.
    init(owning number: Int32) throws(SystemError) {
        let descriptor = OwnedDescriptor(number: number)
        var status = martlet_file()
        let result = unsafe martlet_file_status(number, &status)
        self.descriptor = consume descriptor
        size = status.size
        modified = (status.modified, status.nanoseconds)
        kind =
            switch status.kind {
            case 0: .file
            case 1: .folder
            default: .other
            }
        _ = try SystemError.check(result)
    }

    /// Whether the bytes of a piece are in memory, as far as one look at either end tells, so that sending them does not wait for a
    /// disk. File systems that cannot tell have them not.
    package func isCached(_ start: Int64, _ count: Int64) -> Bool {
        count == 0 || isCached(start) && isCached(start + count - 1)
    }

    private func isCached(_ position: Int64) -> Bool {
        var byte: UInt8 = 0
        let result = unsafe martlet_read_cached(descriptor.number, &byte, 1, position)
        // At the end of a file that has become shorter there is nothing to wait for.
        return result >= 0
    }

    /// Reads a piece so that it is in memory afterwards. It may wait for as long as the disk or the network takes.
    package func load(_ start: Int64, _ count: Int64) {
        unsafe withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { scratch in
            var position = start
            while position < start + count {
                let room = min(scratch.count, Int(start + count - position))
                let result = unsafe martlet_read_at(descriptor.number, scratch.baseAddress, room, position)
                if result == -Int(EINTR) { continue }
                if result <= 0 { return }
                position += Int64(result)
            }
        }
    }

    /// Reads behind the bytes of `buffer`, at most `count`. The count that was read, 0 at the file's end, or `nil` when it would
    /// wait for a disk and `mayWait` forbids that.
    /// - Throws: what read(2) answers.
    package func read(
        from position: Int64, into buffer: inout Buffer, atMost count: Int, mayWait: Bool
    ) throws(SystemError) -> Int? {
        let room = min(buffer.roomBehind, count)
        while true {
            let result =
                mayWait
                ? unsafe martlet_read_at(descriptor.number, buffer.raw + buffer.end, room, position)
                : unsafe martlet_read_cached(descriptor.number, buffer.raw + buffer.end, room, position)
            if result >= 0 {
                buffer.end += result
                return result
            }
            let error = SystemError(Int32(-result))
            if error.code == EINTR { continue }
            // EOPNOTSUPP: a file system that cannot say whether it would wait.
            if !mayWait && (error.wouldBlock || error.code == EOPNOTSUPP || error.code == ENOSYS) { return nil }
            throw error
        }
    }

    /// Sends bytes on a socket. The count, 0 at the file's end, or a negative errno.
    func send(from position: Int64, atMost count: Int, to socket: Int32) -> Int {
        martlet_send_file(socket, descriptor.number, position, count)
    }

    /// The entries of a folder, without "." and "..".
    /// - Parameter limit: how many at most.
    /// - Throws: what opendir(3) answers.
    package func entries(limit: Int) throws(SystemError) -> (entries: [FileEntry], isCut: Bool) {
        // A descriptor of its own: reading moves its place, and closing the folder closes it.
        let copy = try SystemError.check(Glibc.fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0))
        guard let folder = unsafe fdopendir(copy) else {
            let error = SystemError(errno)
            Glibc.close(copy)
            throw error
        }
        defer { unsafe closedir(folder) }
        unsafe rewinddir(folder)
        var entries: [FileEntry] = []
        while let entry = unsafe readdir(folder) {
            guard let name = unsafe martlet_entry_name(entry) else { continue }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
            if bytes == [0x2E] || bytes == [0x2E, 0x2E] { continue }
            if entries.count == limit { return (entries, true) }
            var status = martlet_file()
            if unsafe martlet_entry_status(descriptor.number, name, &status) < 0 { continue }
            if status.kind > 2 { continue }
            entries.append(
                FileEntry(
                    name: bytes, isFolder: status.kind == 1, isLink: status.kind == 2, size: status.size,
                    modified: status.modified))
        }
        return (entries, false)
    }
}

/// A file, a folder or a link in a folder.
package struct FileEntry: Sendable {
    package let name: [UInt8]
    package let isFolder: Bool
    /// A symbolic link, of which nothing else is known.
    package let isLink: Bool
    /// In bytes.
    package let size: Int64
    /// Seconds since 1970.
    package let modified: Int64
}
