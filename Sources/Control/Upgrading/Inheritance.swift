// What this process was started with besides its config.
import MartletEventLoop
import MartletProxy

/// Sockets and secrets of the process before this one, or sockets of systemd; mostly nothing.
package struct Inheritance: Sendable {
    let sockets: InheritedSockets
    /// The process that this one follows.
    let predecessor: Predecessor?

    /// Of a process that was started with nothing.
    package static let none = Inheritance(sockets: .none, predecessor: nil)

    /// Takes what the environment says that there is, once. Programs that this one starts see nothing of it.
    package static func adopt() throws(StartError) -> Inheritance {
        do throws(InheritanceError) {
            if let value = ProcessEnvironment.value(Predecessor.variable) {
                HostProcess.forget(Predecessor.variable)
                return try follow(Predecessor.adopt(value))
            }
            return Inheritance(sockets: try SocketActivation.adopt(), predecessor: nil)
        } catch {
            throw StartError.inheritance(error.message)
        }
    }

    private static func follow(_ predecessor: Predecessor) throws(InheritanceError) -> Inheritance {
        var entries: [InheritedSockets.Entry] = []
        for socket in predecessor.note.sockets {
            do throws(SystemError) {
                entries.append(
                    InheritedSockets.Entry(
                        descriptor: socket.descriptor, name: socket.listener, configured: socket.address,
                        address: try Listening.adopt(socket.descriptor), isForeign: socket.isForeign))
            } catch {
                throw InheritanceError("the socket of \(socket.listener) has not come with its descriptor: \(error)")
            }
        }
        StickySecret.inherit(predecessor.note.stickySecret)
        return Inheritance(
            sockets: InheritedSockets(entries, from: .predecessor), predecessor: predecessor)
    }
}
