// What tests of plain TCP and the PROXY protocol share.
import MartletTestSupport

enum TCPConfigs {
    /// A listener named `tcp` whose connections go to an upstream `app`, and an admin listener.
    /// - Parameters:
    ///   - listener: more lines of the listener.
    ///   - upstream: more lines of the upstream `app`.
    ///   - more: more upstreams, and more sections of the file.
    static func proxy(
        to servers: [String], listener: [String] = ["upstream: app"], upstream: [String] = [], _ more: String = ""
    ) -> String {
        """
        workers: 1
        listeners:
          - address: 127.0.0.1:0
            name: tcp
            mode: tcp
        \(listener.map { "    \($0)\n" }.joined())
        admin:
          address: 127.0.0.1:0
        upstreams:
          app:
            servers: [\(servers.map { "\"\($0)\"" }.joined(separator: ", "))]
        \(upstream.map { "    \($0)\n" }.joined())
        \(more)
        """
    }
}

extension ScriptedServer {
    /// A server that reads lines, and sends each back behind its name; the line "end" ends the connection.
    static func linesBack(_ name: String, path: String? = nil) throws -> ScriptedServer {
        try ScriptedServer(path: path) { socket, _ in
            while let line = try? socket.receive(until: "\n") {
                try socket.send(name + " " + line)
                if line == "end\n" { return }
            }
        }
    }
}

extension RunningMartlet {
    /// Waits until the access log has `count` lines of connections that are no HTTP.
    func tunnelLines(_ count: Int) throws -> [AccessLogLine] {
        var lines: [AccessLogLine] = []
        try eventually("\(count) lines") {
            lines = try accessLog.filter { $0["protocol"] == "tcp" }
            return lines.count == count
        }
        return lines
    }
}
