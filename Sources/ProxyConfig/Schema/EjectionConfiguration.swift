// Leaving servers alone that fail.

/// When a server is left alone for what requests have met there, whatever checks say. After its time one request is let
/// through: if it is answered the server is back, if not it is left alone for twice as long. The only server of an
/// upstream is never left alone.
package struct EjectionConfiguration: Sendable, Equatable {
    /// How many requests in a row may be refused a connection, be reset, or wait in vain. `off` for any number.
    package var connectionFailures: Int? = 3

    /// How many requests in a row may be answered with a status from 500 to 599. `off` for any number.
    package var serverErrors: Int? = 10

    /// The share of requests, over `window`, that may fail in either way. `off` for any share.
    package var failureRate: Int? = 50

    /// How many requests `failureRate` needs within `window` before it counts.
    package var minimumRequests: Int = 50

    /// The time over which `failureRate` is measured.
    package var window: Duration = .seconds(10)

    /// How long a server is left alone for the first time. Each further time doubles it.
    package var time: Duration = .seconds(1)

    /// The longest time that a server is left alone.
    package var longestTime: Duration = .seconds(60)

    /// The largest share of the upstream's servers that may be left alone at a time. Of two servers or more it is at
    /// least one.
    package var maxEjected: Int = 50

    /// The defaults.
    package init() {}
}

extension EjectionConfiguration: Section {
    static let noun = "ejection"
    static var blank: EjectionConfiguration { EjectionConfiguration() }

    static var keys: [Key<EjectionConfiguration>] {
        [
            Key("connectionFailures", \.connectionFailures, .word("off", or: .integer(1...1000))),
            Key("serverErrors", \.serverErrors, .word("off", or: .integer(1...1000))),
            Key("failureRate", \.failureRate, .word("off", or: .percent(1...100))),
            Key("minimumRequests", \.minimumRequests, .integer(1...1_000_000)),
            Key("window", \.window, .duration(.seconds(1) ... .hours(1))),
            Key("time", \.time, .duration(.milliseconds(10) ... .hours(1))),
            Key("longestTime", \.longestTime, .duration(.milliseconds(10) ... .hours(24))),
            Key("maxEjected", \.maxEjected, .percent(1...100)),
        ]
    }
}
