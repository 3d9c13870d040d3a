// Listening sockets that this process was started with, and which listener each of them is for (decision 0021).
import MartletEventLoop
import MartletProxy
import Synchronization

/// Sockets from the process before this one, or from systemd. Each is claimed by a listener once.
package final class InheritedSockets: Sendable {
    /// Where they come from.
    package enum Origin: Sendable {
        /// The process that this one follows: what is in their queues is ours.
        case predecessor
        /// Whoever started this process, and made the sockets for it.
        case activation
    }

    /// A socket.
    package struct Entry: Sendable {
        package let descriptor: Int32
        /// How its listener is called, or how systemd calls it.
        package let name: String
        /// Where its listener was told to listen, where that is known.
        package let configured: String?
        /// Where clients connect to.
        package let address: SocketAddress
        /// Its path belongs to somebody else, who removes it.
        package let isForeign: Bool

        package init(
            descriptor: Int32, name: String, configured: String?, address: SocketAddress, isForeign: Bool
        ) {
            (self.descriptor, self.name, self.configured) = (descriptor, name, configured)
            (self.address, self.isForeign) = (address, isForeign)
        }
    }

    private struct State {
        var entries: [Entry]
        /// Paths that somebody else made, and takes away.
        let foreign: Set<String>
        /// Paths that another process listens on as well, and takes away: the one before this one, or the one after.
        var shared: Set<String>
    }

    package let origin: Origin
    private let state: Mutex<State>

    /// Of a process that was started with none.
    package static let none = InheritedSockets([], from: .activation)

    package init(_ entries: [Entry], from origin: Origin) {
        self.origin = origin
        let foreign = entries.filter(\.isForeign).compactMap(\.address.path)
        // Until the process before this one has let go, the files are its own.
        let shared = origin == .predecessor ? entries.compactMap(\.address.path) : []
        state = Mutex(State(entries: entries, foreign: Set(foreign), shared: Set(shared)))
    }

    /// All sockets for a listener, with where clients connect to; they are its own from now on.
    func claim(_ listener: ListenerModel) -> (descriptors: [Int32], address: SocketAddress)? {
        state.withLock { state in
            guard
                let judge = Self.judges(origin).first(where: { judge in
                    state.entries.contains { judge($0, listener) }
                })
            else { return nil }
            let claimed = state.entries.filter { judge($0, listener) }
            state.entries.removeAll { judge($0, listener) }
            return (claimed.map(\.descriptor), claimed[0].address)
        }
    }

    /// The ways to see that a socket is for a listener, the best first.
    private static func judges(_ origin: Origin) -> [(Entry, ListenerModel) -> Bool] {
        switch origin {
        case .predecessor:
            [
                { $0.name == $1.name && $0.configured == $1.address.description },
                { $0.configured == $1.address.description },
            ]
        case .activation: [{ $0.name == $1.name }, { $0.address == $1.address }]
        }
    }

    /// Closes what no listener has claimed: the config has changed since the process before this one has read it.
    /// - Throws: when systemd has made such a socket, whose clients would wait for ever.
    func settle(_ listeners: [ListenerModel]) throws(StartError) {
        let rest = state.withLock { state in
            defer { state.entries = [] }
            return state.entries
        }
        for entry in rest { Listening.close(entry.descriptor) }
        guard origin == .activation, let first = rest.first else { return }
        let name = first.name.isEmpty ? "" : ", called '\(first.name)',"
        let labels = listeners.map(\.label).joined(separator: ", ")
        throw StartError.inheritance(
            "the socket on \(first.address.description)\(name) that was passed is for no listener; the config has \(labels): "
                + "write its address there, give a listener its name, or take it out of the socket unit")
    }

    /// Whether the file of a Unix socket is to be removed when its listener ends.
    func owns(path: String) -> Bool { state.withLock { !$0.foreign.contains(path) && !$0.shared.contains(path) } }

    /// Whether somebody else made the file of a Unix socket, and takes it away.
    func isForeign(path: String) -> Bool { state.withLock { $0.foreign.contains(path) } }

    /// Another process has these as well from now on, and takes them away.
    func share(paths: [String]) { state.withLock { $0.shared.formUnion(paths) } }

    /// Nobody else has them any more.
    func takeOver() { state.withLock { $0.shared = [] } }
}
