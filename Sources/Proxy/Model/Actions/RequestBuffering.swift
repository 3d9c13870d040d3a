// Requests that are read as a whole before a server is chosen.

/// How much of a request is read first, and what becomes of one that is larger.
package struct RequestBuffering: BitwiseCopyable, Sendable, Equatable {
    /// Bytes of content; 0 for none: nothing is read first.
    package var limit = 0
    /// Whether a larger one is refused, rather than passed on as it comes.
    package var refusesLarger = false

    package init() {}
}
