// All pairs of what clients and servers speak. What passes between them does not depend on it.
import MartletTestSupport
import Testing

/// What a client, and what a server of WebSockets speaks.
struct Mix: Sendable, CustomTestStringConvertible {
    /// HTTP/2 rather than HTTP/1.1.
    let clientTwo: Bool
    let serverTwo: Bool

    static let all = [false, true].flatMap { client in
        [false, true].map { Mix(clientTwo: client, serverTwo: $0) }
    }
    static let toServersOfHTTP2 = all.filter(\.serverTwo)

    var testDescription: String { "HTTP/\(clientTwo ? 2 : 1) to HTTP/\(serverTwo ? 2 : 1)" }
    var upstream: [String] { serverTwo ? ["protocol: h2c"] : [] }

    /// A server that sends back all that comes, and notes what it was asked.
    func echo(_ asked: Monitor<[[HTTPField]]> = Monitor([])) throws -> ScriptedServer {
        if serverTwo { return try .streamEcho(asked: asked) }
        return try ScriptedServer(limit: .seconds(30)) { socket, _ in
            guard let request = try socket.readRequest() else { return }
            asked.change { $0.append(request.fields) }
            try socket.send(WebSocket.response(to: request))
            while case .bytes(let bytes) = try socket.arrival(within: .seconds(30)) { try socket.send(bytes) }
        }
    }

    /// A client that has a WebSocket.
    func open(_ martlet: RunningMartlet, _ target: String = "/ws") throws -> any TunnelClient {
        clientTwo ? try StreamTunnel(martlet, target) : try SocketTunnel(martlet, target)
    }

    /// Runs a test with a proxy in front of a server.
    func run(
        _ server: ScriptedServer, upstream: [String] = [], _ more: String = "",
        _ test: (RunningMartlet) throws -> Void
    ) throws {
        // A client that answers each byte with two frames about windows may do so as fast as it can.
        let config = Configs.proxy(to: server, upstream: self.upstream + upstream, more).replacing(
            "  - address: 127.0.0.1:0\nadmin:",
            with: "  - address: 127.0.0.1:0\n    http2: {idleFrames: 1000000}\nadmin:")
        try withMartlet(config, test)
    }
}
