// Config files of tests.
import MartletTestSupport

enum Configs {
    /// What the admin listener wants to hear, and `admin` and `order` say.
    static let token = String(repeating: "0123456789abcdef", count: 2)
    /// The admin listener of `proxy`.
    static let admin = "admin:\n  address: 127.0.0.1:0\n  hosts: [test]\n  token: " + token
    static let bearer = "Authorization: Bearer " + token

    /// One listener, one upstream `app` with these servers for every request, and an admin listener.
    /// - Parameters:
    ///   - workers: 1 unless a test is about several: then it is known which pool is used.
    ///   - upstream: more lines for the upstream, such as `pool: {maxIdle: 0}`.
    ///   - more: more sections of the file.
    static func proxy(
        to servers: [String], workers: Int = 1, upstream: [String] = [], _ more: String = ""
    ) -> String {
        """
        workers: \(workers)
        listeners:
          - address: 127.0.0.1:0
        \(admin)
        routes:
          - upstream: app
        upstreams:
          app:
            servers: [\(servers.map { "\"\($0)\"" }.joined(separator: ", "))]
        \(upstream.map { "    \($0)\n" }.joined())
        \(more)
        """
    }

    /// The same for one scripted server.
    static func proxy(to server: ScriptedServer, upstream: [String] = [], _ more: String = "") -> String {
        proxy(to: [server.address], upstream: upstream, more)
    }
}

extension ScriptedServer {
    /// As it is written in a config. Not for one on a Unix socket.
    var address: String { "127.0.0.1:\(port)" }
}
