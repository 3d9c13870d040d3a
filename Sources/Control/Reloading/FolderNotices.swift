// Changes in folders, as inotify(7) tells them. One of the few files that hold `unsafe`: the kernel takes pointers.
import Glibc
import MartletEventLoop

/// Watches folders. For one thread.
final class FolderNotices: Sendable {
    /// Something has happened to an entry of a folder.
    struct Notice: Equatable {
        let watch: Int32
        let name: String
        /// Whether a file was closed after writing, or came by renaming: all of it is there.
        let isWhole: Bool
    }

    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_MODIFY | IN_ATTRIB)

    private let descriptor: Int32

    /// Throws when the system has none left; who watches then has to look by himself.
    init() throws(SystemError) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        if descriptor < 0 { throw SystemError(errno) }
    }

    deinit { close(descriptor) }

    /// Watches a folder; its number, which is the same for a folder that is watched already. `nil` when it cannot be watched.
    func watch(_ folder: String) -> Int32? {
        let watch = unsafe inotify_add_watch(descriptor, folder, Self.events | UInt32(IN_ONLYDIR))
        return watch < 0 ? nil : watch
    }

    /// Watches a folder no more.
    func end(_ watch: Int32) { _ = inotify_rm_watch(descriptor, watch) }

    /// What has happened, or nothing after so many milliseconds.
    func wait(milliseconds: Int32) -> [Notice] {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, milliseconds) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(descriptor, buffer.baseAddress, buffer.count)
        }
        return count > 0 ? Self.parse(bytes[..<count]) : []
    }

    /// The notices in what the kernel has written: a number, what has happened, a cookie, the length of the name, the name.
    static func parse(_ bytes: ArraySlice<UInt8>) -> [Notice] {
        var notices: [Notice] = []
        var rest = bytes
        while rest.count >= 16 {
            let fields = (0..<4).map { word(rest.dropFirst($0 * 4)) }
            let name = rest.dropFirst(16).prefix(Int(fields[3])).prefix { $0 != 0 }
            let isWhole = fields[1] & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0
            notices.append(
                Notice(
                    watch: Int32(bitPattern: fields[0]), name: String(decoding: name, as: UTF8.self), isWhole: isWhole))
            rest = rest.dropFirst(16 + Int(fields[3]))
        }
        return notices
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).enumerated().reduce(0) { value, byte in
            #if _endian(little)
            value | UInt32(byte.element) << (8 * UInt32(byte.offset))
            #else
            value << 8 | UInt32(byte.element)
            #endif
        }
    }
}
