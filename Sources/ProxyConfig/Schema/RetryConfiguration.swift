// Trying another server when one has failed.

/// When a request that has failed is sent again: to a server that has not failed it, if there is one, and only as long
/// as nothing of a response has gone to the client. What a server may have begun to carry out is sent again only if
/// `methods` lets it, what has content only if the content has been kept.
package struct RetryConfiguration: Sendable, Equatable {
    /// How many times a request is tried in all, the first included. After that the client gets what the last try came
    /// to, or an answer of our own: 502 or 504. If no server could be reached, the request waits in `queue` first. 1
    /// for no retry.
    package var attempts: Int = 3

    /// How long one try may take from the request sent to the first byte of a response. Beyond it another server is
    /// tried. `off` for as long as `responseTimeout`, which holds for all tries together.
    package var tryTimeout: Duration?

    /// The statuses after which another server is tried, single ones and ranges. The last try's answer goes to the
    /// client whatever it is. `[]` for none.
    package var statuses: [ClosedRange<Int>] = [502...502, 503...503, 504...504]

    /// The statuses of gRPC after which a call is sent to another server, if it was answered with nothing but the status. To name
    /// one is to say that a call that ends with it may be sent again whatever it does, so `methods` does not matter:
    /// `[unavailable]` is what most servers mean by it. An answer of HTTP that is none of gRPC counts as the status that clients
    /// take it for, 503 as `unavailable`. `[]` for none.
    package var grpcStatuses: [GRPCStatusName] = []

    /// Which requests are sent again that a server may have begun to carry out: `idempotent` ones (GET, HEAD, PUT,
    /// DELETE, OPTIONS, TRACE), or `all`, which may do the same thing twice. A request that no server has seen, as
    /// no connection could be made, is always tried again.
    package var methods: RetryMethods = .idempotent

    /// The pause before a request goes to a server that has failed it already, as there is no other. It doubles each
    /// time, and is up to a half shorter at random. Another server is tried at once.
    package var pause: Duration = .milliseconds(25)

    /// The longest pause.
    package var longestPause: Duration = .milliseconds(250)

    /// The most retries in percent of requests, so that retries do not multiply an outage. Beyond it a request that has
    /// failed is not tried again. A connection that could not be made is not counted, as it loads no server.
    package var budget: Int = 20

    /// How many retries a second are allowed whatever the budget says.
    package var budgetFloor: Int = 10

    /// How much of a request's content is kept in memory until its response has begun. A request that is larger is
    /// not sent again unless `bodyFile` has room for it.
    package var bodyMemory: Int = 64 << 10

    /// How much of a request's content beyond `bodyMemory` is kept in a temporary file. `off` for nothing.
    package var bodyFile: Int?

    /// The defaults.
    package init() {}
}

/// Which requests are sent again.
package enum RetryMethods: String, Sendable, CaseIterable {
    /// Those that mean the same when they are sent twice.
    case idempotent
    /// All.
    case all
}

extension RetryConfiguration: Section {
    static let noun = "retry"
    static var blank: RetryConfiguration { RetryConfiguration() }

    static var keys: [Key<RetryConfiguration>] {
        [
            Key("attempts", \.attempts, .integer(1...10)),
            Key("tryTimeout", \.tryTimeout, .word("off", or: .duration(.milliseconds(1) ... .hours(24)))),
            Key("statuses", \.statuses, .list(of: .statuses(400...599))),
            Key("grpcStatuses", \.grpcStatuses, .list(of: .choice(otherWords: GRPCStatusName.otherWords))),
            Key("methods", \.methods, .choice()),
            Key("pause", \.pause, .duration(.zero ... .minutes(1))),
            Key("longestPause", \.longestPause, .duration(.zero ... .minutes(1))),
            Key("budget", \.budget, .percent(0...1000)),
            Key("budgetFloor", \.budgetFloor, .integer(0...1_000_000)),
            Key("bodyMemory", \.bodyMemory, .size(0...64 << 20)),
            Key("bodyFile", \.bodyFile, .word("off", or: .size(1 << 10...1 << 40))),
        ]
    }
}
