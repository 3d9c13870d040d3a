// Asking servers how much they want to do.

/// A connection to an agent on each server's host, which says in a line of text how much the server wants to do
/// (HAProxy's agent check): `75%` is that share of its weight, `maxconn:30` the most requests at a time, `up`, `down`,
/// `fail` and `stopped` are its health, `drain`, `maint` and `ready` its state. What an agent does not say stays as it
/// was, and one that does not answer changes nothing.
package struct AgentConfiguration: Sendable, Equatable {
    /// The port of the agent, on the host of each server.
    package var port: Int

    /// What is sent to the agent before it answers. A line end has to be written, as in `"status\n"`.
    package var send: String?

    /// The time from one question to the next.
    package var interval: Duration = .seconds(2)

    /// How long an answer may take, connecting included.
    package var timeout: Duration = .seconds(1)

    /// The agent on `port`, with the defaults.
    package init(port: Int) {
        self.port = port
    }
}

extension AgentConfiguration: Section {
    static let noun = "an agent"
    static var blank: AgentConfiguration { AgentConfiguration(port: 1) }

    static var keys: [Key<AgentConfiguration>] {
        [
            Key("port", \.port, .integer(1...65535), required: true),
            Key("send", \.send, .optional(.text(upTo: 1024))),
            Key("interval", \.interval, .duration(.milliseconds(50) ... .hours(1))),
            Key("timeout", \.timeout, .duration(.milliseconds(1) ... .minutes(10))),
        ]
    }
}
