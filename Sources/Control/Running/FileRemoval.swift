// Removing what was made.
import Glibc

/// Removes files.
enum FileRemoval {
    /// Removes a file; it is no error when it is gone already.
    static func remove(_ path: String) { unsafe unlink(path) }
}
