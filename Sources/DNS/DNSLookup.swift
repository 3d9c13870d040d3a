// One question, put to one resolver after the other until there is an answer. Pure: whoever drives it has the sockets, the clock
// and the chance.

/// How resolvers are asked.
package struct DNSSettings: Equatable, Sendable {
    /// How long one resolver may take, in milliseconds.
    package var timeout: UInt64 = 2_000
    /// How often all of them are asked.
    package var rounds = 2
    /// Where names are looked for.
    package var search = SearchList()

    package init() {}
}

/// The search for one answer.
package struct DNSLookup: ~Copyable {
    /// What is to be done. Whatever was done before is given up: its socket is closed.
    package enum Action: Equatable, Sendable {
        /// Send this in a datagram from a socket of its own, whose port is not to be guessed.
        case sendDatagram(resolver: Int, [UInt8])
        /// Connect, and send this.
        case openStream(resolver: Int, [UInt8])
        /// Nothing: wait on.
        case wait
        /// It is over.
        case finish(DNSReply)
    }

    private let name: DNSName
    private let type: DNSType
    private let resolvers: Int
    private let settings: DNSSettings
    private let first: Int
    private var tries = 0
    private var usesEDNS = true
    private var isStream = false
    private var query: DNSQuery
    private var fault = DNSFault.unreachable

    /// - Parameters:
    ///   - resolvers: how many there are, at least one.
    ///   - first: the one that is asked first.
    ///   - id: made by chance.
    package init(
        _ name: DNSName, _ type: DNSType, resolvers: (count: Int, first: Int), _ settings: DNSSettings, id: UInt16
    ) {
        precondition(resolvers.count > 0, "there must be a resolver")
        self.name = name
        self.type = type
        self.resolvers = resolvers.count
        self.settings = settings
        first = resolvers.first
        query = DNSQuery(id: id, name: name, type: type)
    }

    /// The one that is asked now.
    package var resolver: Int { (first + tries) % resolvers }

    /// The first thing to do.
    package func start() -> Action { send() }

    private func send() -> Action {
        isStream
            ? .openStream(resolver: resolver, query.streamMessage(usesEDNS: usesEDNS))
            : .sendDatagram(resolver: resolver, query.message(usesEDNS: usesEDNS))
    }

    /// A message has come from the resolver that was asked last.
    /// - Parameter id: by chance, for another try.
    package mutating func received(_ message: [UInt8], id: UInt16) -> Action {
        let reply = DNSResponse.read(message, to: query)
        switch reply {
        case .found, .nothing:
            return .finish(reply)
        case .truncated:
            if isStream { return next(after: .malformed, id: id) }
            isStream = true
            return renew(id)
        case .failed(.status(1)) where usesEDNS:
            usesEDNS = false
            return renew(id)
        case .failed(.foreign) where !isStream, .failed(.malformed) where !isStream:
            // Anybody can send a datagram: the true answer may still come.
            return .wait
        case .failed(let fault):
            return next(after: fault, id: id)
        }
    }

    /// The resolver cannot be reached, or has ended the connection.
    package mutating func failed(id: UInt16) -> Action { next(after: .unreachable, id: id) }

    /// The time for the last action is over.
    package mutating func timedOut(id: UInt16) -> Action { next(after: .timedOut, id: id) }

    private mutating func renew(_ id: UInt16) -> Action {
        query = DNSQuery(id: id, name: name, type: type)
        return send()
    }

    private mutating func next(after fault: DNSFault, id: UInt16) -> Action {
        // What a resolver says is more than that another one says nothing.
        if case .status = self.fault {} else { self.fault = fault }
        if case .status = fault { self.fault = fault }
        tries += 1
        if tries >= resolvers * settings.rounds { return .finish(.failed(self.fault)) }
        isStream = false
        usesEDNS = true
        return renew(id)
    }
}
