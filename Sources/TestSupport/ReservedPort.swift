// Ports of servers that are not there, or not yet.
import Glibc

/// A port of 127.0.0.1 that belongs to a test, and on which nobody listens until a `ScriptedServer` does.
package struct ReservedPort: Sendable {
    package let port: UInt16
    private let descriptor: Descriptor

    package init() throws(TestFailure) {
        descriptor = try SystemCalls.open(.port(0), for: .reserving)
        port = SystemCalls.port(of: descriptor)
    }

    func listen() throws(TestFailure) -> Descriptor {
        if Glibc.listen(descriptor.number, 128) != 0 { throw TestFailure("listen", errno) }
        return descriptor
    }
}
