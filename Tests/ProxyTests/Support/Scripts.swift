// What clients and servers say in these tests.
import MartletTestSupport

enum Requests {
    static let get = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"
    static let last = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"

    /// A POST that announces `count` bytes.
    static func post(length count: Int) -> String {
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(count)\r\n\r\n"
    }
}

enum Responses {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// The server ends the connection afterwards.
    static let closing = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    /// The head of a response with `count` bytes.
    static func head(length count: Int) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n" }
}

/// Something that a script waits for and a test lets happen.
struct Gate: Sendable {
    private let isOpen = Monitor(false)

    func open() { isOpen.change { $0 = true } }

    /// Waits until it is open.
    func wait() throws {
        if isOpen.wait(for: { $0 ? true : nil }) == nil { throw TestFailure("nobody opened the gate") }
    }
}

extension ScriptedServer {
    /// A server that says the same to each request.
    static func answering(_ response: String = Responses.ok) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in while try socket.readRequest() != nil { try socket.send(response) } }
    }

    /// A server that reads a request on each connection, then waits for `gate` before it says anything.
    static func answering(_ response: String = Responses.ok, after gate: Gate) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                try gate.wait()
                try socket.send(response)
            }
        }
    }
}

extension TestSocket {
    /// Reads past interim responses.
    func readFinalResponse() throws(TestFailure) -> HTTPResponse {
        while true {
            let response = try readResponse()
            if response.status >= 200 { return response }
        }
    }
}
