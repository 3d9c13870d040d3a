// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let agentConfiguration: [String: String] = [
        "AgentConfiguration": #"""
        A connection to an agent on each server's host, which says in a line of text how much the server wants to do
        (HAProxy's agent check): `75%` is that share of its weight, `maxconn:30` the most requests at a time, `up`, `down`,
        `fail` and `stopped` are its health, `drain`, `maint` and `ready` its state. What an agent does not say stays as it
        was, and one that does not answer changes nothing.
        """#,
        "AgentConfiguration.interval": #"""
        The time from one question to the next.
        """#,
        "AgentConfiguration.port": #"""
        The port of the agent, on the host of each server.
        """#,
        "AgentConfiguration.send": #"""
        What is sent to the agent before it answers. A line end has to be written, as in `"status\n"`.
        """#,
        "AgentConfiguration.timeout": #"""
        How long an answer may take, connecting included.
        """#,
    ]
}
