// Ports of servers that are not there, or not yet.
import Glibc

/// A port of 127.0.0.1 that belongs to a test, and on which nobody listens until a `ScriptedServer` does.
package struct ReservedPort: Sendable {
    package let port: UInt16
    private let descriptor: Descriptor

    /// - Parameter isShared: whether a program may listen on it that sets SO_REUSEADDR and SO_REUSEPORT, as Martlet does.
    package init(isShared: Bool = false) throws(TestFailure) {
        descriptor = try SystemCalls.open(.port(0), for: .reserving(isShared: isShared))
        port = SystemCalls.port(of: descriptor)
    }

    func listen() throws(TestFailure) -> Descriptor {
        if Glibc.listen(descriptor.number, SystemCalls.backlog) != 0 { throw TestFailure("listen", errno) }
        return descriptor
    }
}
