// What the keeper of the servers' health goes by. Plain values, compiled from the config. Times are in milliseconds.

/// What the operator wants of a server.
package enum OperatorState: UInt8, Sendable, CaseIterable {
    /// It serves when it is well.
    case up
    /// It gets no new exchanges; those it has may finish.
    case draining
    /// The same, and it is not checked either: whatever happens to it is no news.
    case maintenance
}

/// How the keeper sees an upstream.
package struct UpstreamHealthSettings: Sendable, Equatable {
    package var policy = PolicyKind.leastBusy
    /// In the order of the model.
    package var servers: [ServerFacts] = []
    /// When a smaller percentage of the servers that are not kept as a backup is well, all of them are used. 0…100.
    package var panicThreshold: UInt32 = 10
    /// How long a server's share grows after it has joined or recovered; 0 for none.
    package var slowStart: UInt64 = 0
    /// Active checks; `nil` for none.
    package var check: CheckSettings?
    /// Agent checks; `nil` for none.
    package var agent: AgentSettings?
    package var ejection = EjectionSettings()
    /// How long exchanges may go on at a server that is drained; 0 for any time.
    package var drainTime: UInt64 = 30_000
    /// What a check of a server on its own port says before all else, TLS included.
    package var preface: [UInt8] = []

    package init() {}
}

/// What does not change of a server.
package struct ServerFacts: Sendable, Equatable {
    /// Its place in the model.
    package let server: Int
    /// Who it is, for keys that lead to it: `Candidate.identity(of:)` of its name.
    package var identity: UInt64
    /// Its weight, at least 1.
    package var weight: UInt32 = 1
    /// It serves only when the others are down.
    package var isBackup = false
    /// How it begins.
    package var state = OperatorState.up
    /// The most exchanges at a time, over all loops; `.max` for no limit.
    package var inFlightLimit: UInt32 = .max
    /// Whether it is known by name, so that its addresses come later.
    package var isNamed = false

    /// - Parameter identity: without one, it follows from the place in the model.
    package init(server: Int, identity: UInt64? = nil) {
        self.server = server
        self.identity = identity ?? UInt64(server)
    }
}

/// An active check.
package struct CheckSettings: Sendable, Equatable {
    /// How it is asked.
    package enum Kind: Sendable, Equatable {
        /// A connection that stands is enough.
        case tcp
        case http(HTTPCheck)
        case grpc(GRPCCheck)
    }

    package var kind = Kind.http(HTTPCheck())
    /// Another port than the server's own; `nil` for its own.
    package var port: UInt16?
    package var interval: UInt64 = 2_000
    /// The interval while the server is down, or about to change.
    package var downInterval: UInt64 = 500
    /// Each interval is this many percent shorter or longer, at random. 0…50.
    package var jitter: UInt32 = 10
    package var timeout: UInt64 = 1_000
    /// How many passes in a row bring a server up, and how many failures take it down.
    package var rise = 2
    package var fall = 2
    /// Whether a server gets traffic before its first check has passed.
    package var isUpBeforeFirst = true

    package init() {}
}

/// What an HTTP check sends and expects.
package struct HTTPCheck: Sendable, Equatable {
    package var method = "GET"
    /// With its query.
    package var path = "/"
    /// Host; `nil` for the server's own name.
    package var host: String?
    /// Further fields.
    package var fields: [(name: String, value: String)] = []
    /// Statuses that are well.
    package var statuses: ClosedRange<Int> = 200...399
    /// What the content must contain, or begin with; `nil` for anything. At most 64 KiB of content are looked at.
    package var contains: String?
    package var prefix: String?

    package init() {}

    package static func == (a: HTTPCheck, b: HTTPCheck) -> Bool {
        a.method == b.method && a.path == b.path && a.host == b.host && a.statuses == b.statuses
            && a.contains == b.contains && a.prefix == b.prefix
            && a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// What a gRPC check asks for.
package struct GRPCCheck: Sendable, Equatable {
    /// The full name of the service; empty for the whole server.
    package var service = ""
    /// The authority; `nil` for the server's own name.
    package var host: String?
    /// Further fields of the request.
    package var fields: [(name: String, value: String)] = []

    package init() {}

    package static func == (a: GRPCCheck, b: GRPCCheck) -> Bool {
        a.service == b.service && a.host == b.host
            && a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// HAProxy's agent check: a line of text from a port of the server's host.
package struct AgentSettings: Sendable, Equatable {
    package var port: UInt16
    /// What is sent first; empty for nothing.
    package var send = ""
    package var interval: UInt64 = 2_000
    package var timeout: UInt64 = 1_000

    package init(port: UInt16) { self.port = port }
}

/// When a server is ejected for what exchanges have met.
package struct EjectionSettings: Sendable, Equatable {
    /// Failed connections, resets and timeouts in a row; 0 for never.
    package var connectionFailures = 3
    /// 5xx in a row; 0 for never.
    package var serverErrors = 10
    /// The percentage of failures over the window, counted when there are at least `minimumRequests`; 0 for never.
    package var failureRate: UInt32 = 50
    package var minimumRequests = 50
    package var window: UInt64 = 10_000
    /// The first ejection's time; each further one doubles it, up to the second.
    package var time: UInt64 = 1_000
    package var longestTime: UInt64 = 60_000
    /// The most servers ejected at a time, in percent; at least one may be if there is more than one. 0 for no ejection.
    package var maxEjected: UInt32 = 50

    package init() {}
}
