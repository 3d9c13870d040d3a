// Sockets that systemd, or whoever speaks like it, has opened for this process: sd_listen_fds(3).
import Glibc
import MartletEventLoop

enum SocketActivation {
    /// The first descriptor that is passed.
    private static let first: Int32 = 3
    /// More than anybody passes.
    private static let most = 4096

    /// The sockets that the environment tells of; none if they are for another process.
    static func adopt() throws(InheritanceError) -> InheritedSockets {
        let values = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"].map { ProcessEnvironment.value($0) }
        for variable in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { HostProcess.forget(variable) }
        let names = try names(count: values[0], process: values[1], names: values[2], ownID: getpid())
        var entries: [InheritedSockets.Entry] = []
        for (index, name) in names.enumerated() { entries.append(try entry(first + Int32(index), name)) }
        return entries.isEmpty ? .none : InheritedSockets(entries, from: .activation)
    }

    /// The names of the sockets, in the order of their descriptors; empty ones for those without.
    static func names(
        count: String?, process: String?, names: String?, ownID: Int32
    ) throws(InheritanceError) -> [String] {
        guard let count, let process else { return [] }
        // The variables have come down from a process that they were for.
        if process != "\(ownID)" { return [] }
        guard let number = Int(count), (0...most).contains(number) else {
            throw InheritanceError("LISTEN_FDS is '\(count)'; expected a number of sockets")
        }
        guard let names else { return Array(repeating: "", count: number) }
        let list = names.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if list.count != number {
            throw InheritanceError("LISTEN_FDNAMES has \(list.count) names for \(number) sockets")
        }
        return list
    }

    private static func entry(_ descriptor: Int32, _ name: String) throws(InheritanceError) -> InheritedSockets.Entry {
        do throws(SystemError) {
            return InheritedSockets.Entry(
                descriptor: descriptor, name: name, configured: nil, address: try Listening.adopt(descriptor),
                isForeign: true)
        } catch {
            let label = name.isEmpty ? "" : " (\(name))"
            if error.code == EINVAL {
                throw InheritanceError(
                    "the socket that was passed as descriptor \(descriptor)\(label) takes no connections; expected "
                        + "ListenStream= with Accept=no")
            }
            throw InheritanceError("descriptor \(descriptor)\(label), passed as a socket, is of no use: \(error)")
        }
    }
}
