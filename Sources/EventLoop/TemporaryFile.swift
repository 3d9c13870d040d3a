// Bytes that are too many for memory. One of the few files that hold `unsafe`: the kernel takes pointers.
import CEventLoop
import Glibc

/// A file without a name: whatever happens to the process, nothing of it is left. It lies in the folder that TMPDIR names,
/// else in /var/tmp or /tmp. Reads and writes go through the kernel's page cache.
package struct TemporaryFile: ~Copyable {
    private let descriptor: Int32
    /// How many bytes it has.
    package private(set) var count = 0

    /// - Throws: what open(2) answers.
    package init() throws(SystemError) { descriptor = try SystemError.check(martlet_open_temporary()) }

    deinit { Glibc.close(descriptor) }

    /// Puts bytes behind the others; `false` when the disk is full or fails, and the file is of no use then.
    package mutating func append(_ bytes: Span<UInt8>) -> Bool {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(done..<bytes.count)
            let written = unsafe rest.withUnsafeBufferPointer { source in
                unsafe martlet_write_at(descriptor, source.baseAddress, source.count, Int64(count))
            }
            if written == -Int(EINTR) { continue }
            if written <= 0 { return false }
            done += written
            count += written
        }
        return true
    }

    /// Fills a buffer with the bytes from `position` on, as far as they go; `false` when the disk fails.
    package func read(from position: Int, into buffer: inout Buffer) -> Bool {
        precondition(position >= 0 && position <= count, "behind the file's end")
        let room = min(buffer.roomBehind - Buffer.tailroom, count - position)
        var done = 0
        while done < room {
            let result = unsafe martlet_read_at(
                descriptor, buffer.raw + buffer.end, room - done, Int64(position + done))
            if result == -Int(EINTR) { continue }
            if result <= 0 { return false }
            buffer.end += result
            done += result
        }
        return true
    }
}
