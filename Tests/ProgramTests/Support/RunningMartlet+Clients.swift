// Clients of the proxy.
import MartletTestSupport

extension RunningMartlet {
    /// The port of a listener, the first unless its name is given.
    /// - Throws: when there is no such listener, or it is a Unix socket.
    func port(of listener: String? = nil) throws -> UInt16 {
        let entry = addresses.first { listener == nil ? $0.listener != "admin" : $0.listener == listener }
        guard let text = entry?.address, let port = text.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw TestFailure("no port of the listener \(listener ?? "") in \(addresses)")
        }
        return port
    }

    /// A new connection of a client.
    /// - Parameter receiveBuffer: what SO_RCVBUF is set to; a small one makes a slow reader.
    func connect(to listener: String? = nil, receiveBuffer: Int32? = nil) throws -> TestSocket {
        try TestSocket(port: try port(of: listener), receiveBuffer: receiveBuffer)
    }

    /// Sends one request on a connection of its own, and reads the response.
    /// - Parameters:
    ///   - line: method and target: "GET /path".
    ///   - fields: field lines besides Host.
    ///   - content: sent with its length, if there is any.
    func request(_ line: String, _ fields: [String] = [], content: String = "") throws -> HTTPResponse {
        try connect().exchange(line, fields, content: content)
    }
}

extension TestSocket {
    /// Sends one request and reads the response. The parameters are those of `RunningMartlet.request`.
    func exchange(_ line: String, _ fields: [String] = [], content: String = "") throws -> HTTPResponse {
        try send(requestText(line, fields, content: content))
        return try readResponse(to: String(line.prefix { $0 != " " }))
    }
}

/// A request as text. `Host: test` is added unless there is one.
func requestText(_ line: String, _ fields: [String] = [], content: String = "") -> String {
    var lines = [line + " HTTP/1.1"]
    if !fields.contains(where: { $0.lowercased().hasPrefix("host:") }) { lines.append("Host: test") }
    lines += fields
    if !content.isEmpty { lines.append("Content-Length: \(content.utf8.count)") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + content
}
