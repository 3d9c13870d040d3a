// What the tests of requests that switch protocols have in common.
import MartletTestSupport

extension ScriptedServer {
    /// A server of WebSockets that send back what comes.
    static func webSockets() throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            guard let webSocket = try WebSocket.accept(socket) else { return }
            try webSocket.echo()
        }
    }
}

extension TestProxy {
    /// A client with a WebSocket that has sent and got back a message.
    func openWebSocket() throws -> WebSocket {
        let webSocket = try WebSocket.open(try connect(), "/")
        try webSocket.send(.text("hello"))
        if try webSocket.receiveText() != "hello" { throw TestFailure("something else came back") }
        return webSocket
    }
}
