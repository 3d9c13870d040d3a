// The way back of a path that was rewritten: what servers call it, and what clients do.
import MartletHTTPCore

/// From paths as servers know them to paths as clients do. Both prefixes are paths without "/" at their end, or empty.
package struct PrefixMap: Sendable, Equatable {
    /// What the server's paths begin with.
    package let inner: [UInt8]
    /// What clients' paths begin with.
    package let outer: [UInt8]

    package init(inner: String = "", outer: String = "") {
        self.inner = Array(inner.utf8)
        self.outer = Array(outer.utf8)
    }

    /// Whether both are the same.
    package var isEmpty: Bool { inner == outer }

    /// How much of the front of `path`, which begins with "/", `outer` stands in for; `nil` if it is a path that clients can
    /// use as it is, or one that they cannot ask for at all.
    ///
    /// A server that is told its prefix may write it by itself; then there is nothing to be done.
    package func end(in path: Span<UInt8>) -> Int? {
        if isEmpty { return nil }
        if inner.isEmpty { return RequestPath.end(of: outer.span, in: path) == nil ? 0 : nil }
        return RequestPath.end(of: inner.span, in: path)
    }
}
