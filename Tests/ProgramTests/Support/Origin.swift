// Scripted servers that behave, for tests that look at the requests that come to them.
import MartletTestSupport

/// A server that answers every request on every connection, and keeps the requests.
final class Origin: Sendable {
    let server: ScriptedServer
    private let seen: Monitor<[HTTPRequest]>

    /// - Parameter respond: the whole response to a request, such as `response(200, "hello")`.
    init(path: String? = nil, _ respond: @escaping @Sendable (HTTPRequest) -> String = { response(200, $0.target) })
        throws
    {
        let seen = Monitor<[HTTPRequest]>([])
        self.seen = seen
        server = try ScriptedServer(path: path) { socket, _ in
            while let request = try socket.readRequest() {
                seen.change { $0.append(request) }
                try socket.send(respond(request))
            }
        }
    }

    /// As it is written in a config. Not for one on a Unix socket.
    var address: String { server.address }
    /// All requests so far.
    var requests: [HTTPRequest] { seen.value }

    /// The last request that has come.
    var lastRequest: HTTPRequest {
        get throws {
            guard let request = requests.last else { throw TestFailure("the server has got no request") }
            return request
        }
    }

    /// Waits until `count` requests have come.
    func waitForRequests(_ count: Int) throws -> [HTTPRequest] {
        if let requests = seen.wait(for: { $0.count >= count ? $0 : nil }) { return requests }
        throw TestFailure("\(requests.count) of \(count) requests have come")
    }
}

/// A response as text, with its length unless it has fields for its framing.
func response(_ status: Int, _ content: String = "", _ fields: [String] = []) -> String {
    var lines = ["HTTP/1.1 \(status) Text"] + fields
    if !fields.contains(where: { $0.lowercased().hasPrefix("transfer-encoding:") }) {
        lines.append("Content-Length: \(content.utf8.count)")
    }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + content
}
