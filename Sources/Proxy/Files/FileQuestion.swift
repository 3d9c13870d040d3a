// What is asked for of a folder, and what may be found. Both go to other threads and back.
import MartletEventLoop
import MartletFiles

/// A file that a request asks for.
package struct FileQuestion: Sendable {
    let site: FileSite
    let folder: FolderHandle
    /// `nil` if no file can be there.
    let path: FilePath?
    /// Compressed forms that the client takes, the best first.
    let codings: [ContentCoding]
    /// The request's path and query, as they are matched.
    let target: [UInt8]
    let query: [UInt8]
    /// Held for as long as anybody has the question, and so may have the file.
    let slot: FileSlot
}

/// A file that was found.
package struct FoundFile: Sendable {
    let file: OpenFile
    /// Where it is, below its folder.
    let path: [UInt8]
    /// Its media type.
    let type: String
    /// How it is compressed.
    let coding: ContentCoding?
}

/// What came of looking.
package enum FileFinding: Sendable {
    case found(FoundFile)
    /// A folder, whose path has a slash at its end.
    case needsSlash
    /// The page that lists a folder.
    case listing([UInt8])
    case absent
    case failed(SystemError)
    /// It cannot be told without waiting for a disk.
    case wouldWait
}

/// Does on other threads what may wait for disks.
package protocol FileWorkers: Sendable {
    /// Does `job` when those before it are done. Whoever calls bounds how many there are.
    func run(_ job: @escaping @Sendable () -> Void)
}

/// One of the files that may be open at a time.
package final class FileSlot: Sendable {
    private let shared: SharedLimits

    /// `nil` when there are as many as there may be.
    init?(_ shared: SharedLimits, limit: Int) {
        if !shared.takeFile(limit: limit) { return nil }
        self.shared = shared
    }

    deinit { shared.giveBackFile() }
}
