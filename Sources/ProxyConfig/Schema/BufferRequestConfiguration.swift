// Requests that are read as a whole before a server is chosen.

/// How requests are read before a server is chosen, so that slow clients hold no servers. Content stays in memory; until it is
/// there, the rates and times for clients hold. Calls of gRPC, and requests to switch protocols, are passed on as they come.
package struct BufferRequestConfiguration: Sendable, Equatable {
    /// The most content that is read first. All requests together may take `limits.bufferedRequests`.
    package var upTo: Int = 1 << 20

    /// What becomes of a request with more: `stream` chooses a server and passes the rest on as it comes, `refuse` answers with
    /// 413.
    package var beyond: BeyondBuffer = .stream

    /// The defaults.
    package init() {}
}

/// What becomes of a request that is larger than what is read first.
package enum BeyondBuffer: String, Sendable, CaseIterable {
    /// It is passed on as it comes.
    case stream
    /// It is answered with 413.
    case refuse
}

extension BufferRequestConfiguration: Section {
    static let noun = "bufferRequest"
    static var blank: BufferRequestConfiguration { BufferRequestConfiguration() }

    static var keys: [Key<BufferRequestConfiguration>] {
        [
            Key("upTo", \.upTo, .size(1...64 << 20)),
            Key("beyond", \.beyond, .choice()),
        ]
    }
}
