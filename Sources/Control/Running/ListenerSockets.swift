// Listening sockets, opened before the first loop runs, so that an address that cannot be had is an error at the start.
import Glibc
import MartletEventLoop
import MartletProxy

/// The listening sockets of all loops.
struct ListenerSockets: ~Copyable {
    /// For each loop a descriptor for each listener, in the model's order; `nil` where a loop has none.
    private(set) var descriptors: [[Int32?]]
    /// For each loop the sockets that were inherited, which it accepts on when it is told to.
    private(set) var held: [[ListeningSocket]]
    /// The addresses that clients connect to; port 0 has become the one that the kernel picked.
    private(set) var addresses: [SocketAddress] = []
    private var isTaken = false

    /// Opens a socket for each listener and loop. The admin listener is on the first loop alone.
    /// - Parameter inherited: sockets that need not be opened.
    init(_ listeners: [ListenerModel], loops: Int, inherited: InheritedSockets = .none) throws(StartError) {
        descriptors = Array(repeating: [], count: loops)
        held = Array(repeating: [], count: loops)
        for listener in listeners {
            do throws(SystemError) {
                if let (sockets, address) = inherited.claim(listener) {
                    addresses.append(address)
                    try hold(sockets, for: listener)
                } else {
                    try open(listener, loops: loops)
                }
            } catch {
                throw StartError.listening(address: listener.label, error)
            }
        }
        try inherited.settle(listeners)
    }

    deinit {
        if isTaken { return }
        for descriptor in descriptors.joined() { if let descriptor { close(descriptor) } }
        for socket in held.joined() { close(socket.descriptor) }
    }

    /// Hands the descriptors over; whoever takes them closes them.
    consuming func take() -> (descriptors: [[Int32?]], held: [[ListeningSocket]]) {
        isTaken = true
        return (descriptors, held)
    }

    /// Spreads inherited sockets over the loops, so that none is orphaned, and no loop idle: where they are too few, several
    /// loops accept on one. A socket of its own would take clients before it is known that this process stays.
    private mutating func hold(_ sockets: [Int32], for listener: ListenerModel) throws(SystemError) {
        let loops = listener.isAdmin ? 1 : descriptors.count
        let sharers = max(sockets.count, loops)
        // The process before this one may have had several descriptors of one socket.
        let isShared = Set(sockets.map(Listening.identity)).count < sharers
        for loop in descriptors.indices { descriptors[loop].append(nil) }
        for index in 0..<sharers {
            let socket = index < sockets.count ? sockets[index] : try Listening.copy(sockets[index % sockets.count])
            held[index % loops].append(
                ListeningSocket(place: addresses.count - 1, descriptor: socket, isShared: isShared))
        }
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
