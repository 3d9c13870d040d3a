// Listening sockets, opened before the first loop runs, so that an address that cannot be had is an error at the start.
import Glibc
import MartletEventLoop
import MartletProxy

/// The listening sockets of all loops.
struct ListenerSockets: ~Copyable {
    /// For each loop a descriptor for each listener, in the model's order; `nil` where a loop has none.
    private(set) var descriptors: [[Int32?]]
    /// The addresses that clients connect to; port 0 has become the one that the kernel picked.
    private(set) var addresses: [SocketAddress] = []
    private var isTaken = false

    /// Opens a socket for each listener and loop. The admin listener is on the first loop alone.
    init(_ listeners: [ListenerModel], loops: Int) throws(StartError) {
        descriptors = Array(repeating: [], count: loops)
        for listener in listeners {
            do throws(SystemError) {
                try open(listener, loops: loops)
            } catch {
                throw StartError.listening(address: listener.label, error)
            }
        }
    }

    deinit {
        if isTaken { return }
        for descriptor in descriptors.joined() { if let descriptor { close(descriptor) } }
    }

    /// Hands the descriptors over; whoever takes them closes them.
    consuming func take() -> [[Int32?]] {
        isTaken = true
        return descriptors
    }

    private mutating func open(_ listener: ListenerModel, loops: Int) throws(SystemError) {
        var address = listener.address
        // With SO_REUSEPORT a second process would quietly take part of the clients.
        try Listening.checkFree(address)
        for loop in 0..<loops {
            if listener.isAdmin && loop > 0 {
                descriptors[loop].append(nil)
                continue
            }
            let descriptor = try open(address, loop: loop)
            descriptors[loop].append(descriptor)
            if address.path == nil { address.port = try Listening.port(of: descriptor) }
        }
        addresses.append(address)
    }

    /// A path can be bound once: the loops then share one socket.
    private func open(_ address: SocketAddress, loop: Int) throws(SystemError) -> Int32 {
        guard address.path != nil, loop > 0, let first = descriptors[0].last, let first else {
            return try Listening.open(address)
        }
        let copy = fcntl(first, F_DUPFD_CLOEXEC, 0)
        if copy < 0 { throw SystemError(errno) }
        return copy
    }
}

extension ListenerModel {
    /// How messages call it: by its address, and its name if it has one of its own.
    var label: String {
        let text = address.description
        return name == text ? text : "\(text) (\(name))"
    }
}
