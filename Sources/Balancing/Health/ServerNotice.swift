// What loops tell the keeper of the servers' health.

/// Something that a loop has noticed of a server, and that may change what all loops should do.
package enum ServerNotice: Sendable, Equatable {
    /// So many exchanges in a row have failed. Told when the number reaches what the settings name, or a multiple of it.
    case failures(server: Int, FailureOrigin, inARow: Int)
    /// The single exchange of a probation is over.
    case probation(server: Int, passed: Bool)
    /// The server's name has these addresses now.
    case resolved(server: Int)
}

/// Who is told: the keeper, which decides for all loops.
package protocol ServerWatch: Sendable {
    /// Takes a notice, without blocking; from any thread.
    func notice(_ notice: ServerNotice)
}
