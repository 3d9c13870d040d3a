// How long anything may take.

/// How long anything may take. Times towards servers are set for each upstream.
package struct TimeoutsConfiguration: Sendable, Equatable {
    /// How long a client may take to send a request head, from its first byte. Beyond it: 408, and the connection is
    /// closed.
    package var requestHead: Duration = .seconds(10)

    /// How long a connection of a client may wait for its next request. Then it is closed.
    package var idle: Duration = .seconds(60)

    /// How long an exchange may take as a whole, from the first byte of the request to the last of the response.
    /// Beyond it: 504, or a cut connection when the response had begun. `off` for any time.
    package var exchange: Duration?

    /// How long running exchanges may go on after the signal to stop (SIGTERM or SIGINT). Then they are cut.
    package var drain: Duration = .seconds(30)

    /// How long the new process may take to be ready when the program is replaced while it runs (SIGUSR2 or `martlet upgrade`).
    /// Beyond it the new process is ended, and this one goes on.
    package var upgrade: Duration = .seconds(30)

    /// How long a connection that is being closed is still read from, so that the last answer reaches a client that
    /// is still sending. `0s` closes at once.
    package var linger: Duration = .seconds(2)

    /// How long the TLS handshake of a client may take. Beyond it the connection is closed.
    package var handshake: Duration = .seconds(10)

    /// How long a connection with `mode: tcp`, or one that has switched protocols (WebSocket), may be without a byte in
    /// either direction. Then it is closed.
    package var tunnelIdle: Duration = .hours(1)

    /// How long a request waits until it is known whether its client may come in (`auth`). Beyond it: 503.
    package var admission: Duration = .seconds(10)

    /// How long a file may take to be opened (`files`), as on a network's disk. Beyond it: 503. The same for each piece of it that is
    /// read; beyond it the response is broken off.
    package var file: Duration = .seconds(10)

    /// The defaults.
    package init() {}
}

extension TimeoutsConfiguration: Section {
    static let noun = "timeouts"
    static var blank: TimeoutsConfiguration { TimeoutsConfiguration() }

    static var keys: [Key<TimeoutsConfiguration>] {
        [
            Key("requestHead", \.requestHead, .duration(.milliseconds(1) ... .hours(1))),
            Key("idle", \.idle, .duration(.milliseconds(1) ... .hours(24))),
            Key("exchange", \.exchange, .word("off", or: .duration(.milliseconds(1) ... .hours(24)))),
            Key("drain", \.drain, .duration(.zero ... .hours(24))),
            Key("upgrade", \.upgrade, .duration(.milliseconds(1) ... .hours(1))),
            Key("linger", \.linger, .duration(.zero ... .minutes(1))),
            Key("handshake", \.handshake, .duration(.milliseconds(1) ... .hours(1))),
            Key("admission", \.admission, .duration(.milliseconds(1) ... .hours(1))),
            Key("file", \.file, .duration(.milliseconds(1) ... .hours(1))),
            Key("tunnelIdle", \.tunnelIdle, .duration(.milliseconds(1) ... .hours(24 * 7))),
        ]
    }
}
