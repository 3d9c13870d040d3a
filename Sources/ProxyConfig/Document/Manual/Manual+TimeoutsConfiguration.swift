// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let timeoutsConfiguration: [String: String] = [
        "TimeoutsConfiguration": #"""
        How long anything may take. Times towards servers are set for each upstream.
        """#,
        "TimeoutsConfiguration.admission": #"""
        How long a request waits until it is known whether its client may come in (`auth`). Beyond it: 503.
        """#,
        "TimeoutsConfiguration.drain": #"""
        How long running exchanges may go on after the signal to stop (SIGTERM or SIGINT). Then they are cut.
        """#,
        "TimeoutsConfiguration.exchange": #"""
        How long an exchange may take as a whole, from the first byte of the request to the last of the response.
        Beyond it: 504, or a cut connection when the response had begun. `off` for any time.
        """#,
        "TimeoutsConfiguration.file": #"""
        How long a file may take to be opened (`files`), as on a network's disk. Beyond it: 503. The same for each piece of it that is
        read; beyond it the response is broken off.
        """#,
        "TimeoutsConfiguration.handshake": #"""
        How long the TLS handshake of a client may take. Beyond it the connection is closed.
        """#,
        "TimeoutsConfiguration.idle": #"""
        How long a connection of a client may wait for its next request. Then it is closed.
        """#,
        "TimeoutsConfiguration.linger": #"""
        How long a connection that is being closed is still read from, so that the last answer reaches a client that
        is still sending. `0s` closes at once.
        """#,
        "TimeoutsConfiguration.requestHead": #"""
        How long a client may take to send a request head, from its first byte. Beyond it: 408, and the connection is
        closed.
        """#,
        "TimeoutsConfiguration.tunnelIdle": #"""
        How long a connection with `mode: tcp`, or one that has switched protocols (WebSocket), may be without a byte in
        either direction. Then it is closed.
        """#,
        "TimeoutsConfiguration.upgrade": #"""
        How long the new process may take to be ready when the program is replaced while it runs (SIGUSR2 or `martlet upgrade`).
        Beyond it the new process is ended, and this one goes on.
        """#,
    ]
}
