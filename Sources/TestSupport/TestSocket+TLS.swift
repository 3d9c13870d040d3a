// A client's end of TLS that a test may say anything on.
import Glibc

extension TestSocket {
    /// Connects to a port of 127.0.0.1 by TLS. The program `openssl` does it: what is sent on the socket goes to the server
    /// encrypted, and what the server says comes out in clear.
    ///
    /// The socket ends when the server has ended the connection. Killing the process breaks the connection off, without
    /// a word within TLS; it ends with its last owner as well.
    /// - Parameter arguments: for `openssl s_client`, such as `["-alpn", "h2"]`.
    package static func secure(
        to port: UInt16, _ arguments: [String] = [], limit: Duration = defaultLimit
    ) throws(TestFailure) -> (socket: TestSocket, process: ChildProcess) {
        let listener = try SystemCalls.open(.port(0), for: .listening)
        let client = "openssl s_client -quiet -connect 127.0.0.1:\(port) \(arguments.joined(separator: " "))"
        // bash can connect by itself, and then it becomes openssl, which takes the socket for a terminal.
        let script = "exec 3<>/dev/tcp/127.0.0.1/\(SystemCalls.port(of: listener)); exec \(client) <&3 >&3 3<&-"
        let process = try ChildProcess("bash", ["-c", script])
        if !listener.wait(for: POLLIN, limit) { throw TestFailure("openssl has not connected: \(process.errors)") }
        guard let descriptor = SystemCalls.accept(listener) else { throw TestFailure("accept", errno) }
        return (TestSocket(descriptor, limit: limit), process)
    }
}
