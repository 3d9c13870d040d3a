// What the tests of WebSockets and of responses that go on and on share.
import MartletTestSupport

/// Runs a test with a proxy in front of a server. With TLS there are two of them, one behind the other, and TLS in between:
/// the first has it towards its servers, the second from its clients.
func withProxy(
    secure: Bool, to server: ScriptedServer, _ more: String = "", _ test: (RunningMartlet) throws -> Void
) throws {
    if !secure { return try withMartlet(Configs.proxy(to: server, more), test) }
    let certificates = try TestCertificates()
    let leaf = try certificates.leaf(["127.0.0.1"])
    try withMartlet(SecureConfigs.proxy(to: [server.address], [leaf], more)) { second throws in
        let address = "127.0.0.1:\(try second.port(of: "tls"))"
        let upstream = ["tls: {ca: \(certificates.authority)}"]
        try withMartlet(Configs.proxy(to: [address], upstream: upstream, more)) { first throws in try test(first) }
    }
}

extension ScriptedServer {
    /// A server of WebSockets that send back what comes, and of "ok" for other requests.
    static func webSockets(receiveBuffer: Int32? = nil, limit: Duration = defaultLimit) throws -> ScriptedServer {
        try ScriptedServer(receiveBuffer: receiveBuffer, limit: limit) { socket, _ in
            while let request = try socket.readRequest() {
                if request["Upgrade"] != nil { return try WebSocket.accept(request, on: socket).echo() }
                try socket.send(response(200, "ok"))
            }
        }
    }
}

extension RunningMartlet {
    /// A client with a WebSocket.
    func openWebSocket(_ target: String = "/ws") throws -> WebSocket {
        try WebSocket.open(try connect(), target)
    }
}
