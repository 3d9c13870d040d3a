// The demo's servers as a whole: their ports and their thread.
import MartletControl
import MartletEventLoop

/// Servers that are running.
final class DemoServers: Sendable {
    /// Their ports on 127.0.0.1, picked by the kernel, in the order of `ServerKind`.
    let ports: [UInt16]
    private let mailbox: Mailbox<ServersDriver.Message>
    private static let bufferBytes = 64 << 20

    /// Starts them.
    /// - Parameter failed: is called on their thread if their loop fails.
    init(failed: @escaping @Sendable (SystemError) -> Void) throws(SystemError) {
        let mailbox = try Mailbox<ServersDriver.Message>()
        var descriptors: [Int32] = []
        var ports: [UInt16] = []
        for _ in ServerKind.allCases {
            let descriptor = try Listening.open(.loopback(port: 0))
            descriptors.append(descriptor)
            ports.append(try Listening.port(of: descriptor))
        }
        self.mailbox = mailbox
        self.ports = ports
        try OwnThread.start { [descriptors] in
            do throws(SystemError) {
                try Self.run(descriptors, mailbox)
            } catch {
                failed(error)
            }
        }
    }

    private static func run(
        _ descriptors: [Int32], _ mailbox: Mailbox<ServersDriver.Message>
    ) throws(SystemError) {
        let sockets = ServersDriver.connections + descriptors.count
        var loop = try EventLoop(socketLimit: sockets, bufferBytes: bufferBytes)
        var driver = ServersDriver()
        try driver.listen(on: descriptors, loop: &loop)
        try loop.run(&driver, mailbox: mailbox)
    }

    /// Ends them at once.
    func stop() { mailbox.post(.stop) }
}
