// What became of the lines of the access log.

/// Lines counted since the writer began.
package struct AccessLogCounts: Equatable, Sendable {
    /// Lines that the kernel has taken.
    package var written: UInt64 = 0
    /// Lines refused because the queue was full, or closed.
    package var refused: UInt64 = 0
    /// Lines that were queued but could not be written.
    package var lost: UInt64 = 0
    /// Writes and openings that failed.
    package var errors: UInt64 = 0

    package init() {}
}
