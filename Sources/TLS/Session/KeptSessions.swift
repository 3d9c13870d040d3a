// What a client remembers of sessions, so that it can come back without a full handshake.

/// What sessions are kept for: a server, by a key of the caller's, and the name that was verified.
struct SessionOwner: Hashable, Sendable {
    let key: Int
    let host: String

    init(_ key: Int, _ host: String) {
        self.key = key
        self.host = host
    }
}

/// Where a session comes from.
struct SessionOrigin: Sendable {
    let owner: SessionOwner
    /// How often all sessions had been forgotten.
    let generation: Int
}

/// Sessions by owner. Few of many owners are kept; of an owner the newest.
struct KeptSessions<Session> {
    private var sessions: [SessionOwner: [Session]] = [:]
    /// How often all were forgotten: a session that began before must not come back.
    private(set) var generation = 0

    static var mostPerOwner: Int { 4 }
    static var mostOwners: Int { 1024 }

    /// Keeps a session, unless all have been forgotten since it began.
    mutating func keep(_ session: Session, _ origin: SessionOrigin) {
        if origin.generation != generation { return }
        if sessions[origin.owner] == nil && sessions.count >= Self.mostOwners, let other = sessions.keys.first {
            sessions[other] = nil
        }
        var kept = sessions[origin.owner] ?? []
        if kept.count >= Self.mostPerOwner { kept.removeFirst() }
        kept.append(session)
        sessions[origin.owner] = kept
    }

    /// The newest session of an owner; one that is used once is not kept.
    mutating func take(_ owner: SessionOwner, isUsedOnce: (Session) -> Bool) -> Session? {
        guard var kept = sessions[owner], let newest = kept.last else { return nil }
        if isUsedOnce(newest) {
            kept.removeLast()
            sessions[owner] = kept.isEmpty ? nil : kept
        }
        return newest
    }

    /// Forgets the sessions of an owner: its server is not accepted any more with what it has shown.
    mutating func forget(_ owner: SessionOwner) { sessions[owner] = nil }

    mutating func forget() {
        sessions = [:]
        generation += 1
    }
}
