// When a saved config is read: once it is whole.
import MartletEventLoop

/// Decides from looks at files when they have come to rest. A machine: it looks at no file itself, and time comes in as
/// milliseconds of any clock.
struct SaveWatch {
    /// How the files look.
    struct Look: Equatable, Sendable {
        /// By their paths.
        var stamps: [String: FileStamp]
        /// What the patterns of `include` stand for.
        var matches: [String]
    }

    /// How long nothing may have changed before files are read.
    static let quiet: UInt64 = 100
    /// The same when a file was closed or came by renaming, and so is whole: time for one that belongs to it.
    static let whole: UInt64 = 5

    /// What is to be done.
    enum Action: Equatable {
        /// Look again at the latest at this time; `nil` is whenever something happens.
        case wait(until: UInt64?)
        /// Read the files, and tell `read`.
        case read
    }

    /// As they were when they were read.
    private var known: Look
    /// As they were at the last look.
    private var seen: Look
    private var due: UInt64?

    /// - Parameter look: as they were before they were read for the first time.
    init(_ look: Look) {
        (known, seen) = (look, look)
    }

    /// The files look like this now.
    /// - Parameter isWhole: whether a file was closed or renamed since the last look.
    mutating func look(_ look: Look, isWhole: Bool, now: UInt64) -> Action {
        if look != seen {
            seen = look
            due = now + (isWhole ? Self.whole : Self.quiet)
        } else if isWhole, let time = due {
            due = min(time, now + Self.whole)
        }
        guard seen != known, let due else {
            self.due = nil
            return .wait(until: nil)
        }
        guard now >= due else { return .wait(until: due) }
        known = seen
        self.due = nil
        return .read
    }

    /// They were read, and these are the files now. Those that there were before count as read in the state in which they were
    /// last looked at: what has changed since is read again.
    mutating func read(_ look: Look) {
        var look = look
        for (path, stamp) in known.stamps where look.stamps[path] != nil { look.stamps[path] = stamp }
        (known, seen) = (look, look)
    }
}
