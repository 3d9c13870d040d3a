// What look-ups need while they run.

/// Memory for look-ups, kept from one to the next: those of routes with conditions, encoded paths and expressions.
package struct RouteMemory: ~Copyable {
    /// Routes for the host and the path that have conditions, the best first.
    var candidates: [Int32] = []
    /// What the client's certificate says, for tables that look at it; `nil` for a client without one.
    package var certificate: CertificateText?
    /// For expressions.
    package var expressions = ExpressionMemory()
    /// Slots and nodes that were looked at, for tests.
    var steps = 0
    private var text: [UInt8] = []

    package init() {}

    /// An empty array with room from before; to be given back.
    mutating func takeText() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &text)
        taken.removeAll(keepingCapacity: true)
        return taken
    }

    mutating func giveBack(_ taken: inout [UInt8]) { swap(&taken, &text) }
}
