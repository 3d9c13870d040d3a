// Listening sockets that come from another process, or go to one (decision 0021).
import MartletEventLoop
import MartletTelemetry

/// A listening socket for a loop.
package struct ListeningSocket: Sendable {
    /// The listener's place in the model.
    package let place: Int
    package let descriptor: Int32
    /// Whether other loops accept on it as well.
    package let isShared: Bool

    package init(place: Int, descriptor: Int32, isShared: Bool) {
        self.place = place
        self.descriptor = descriptor
        self.isShared = isShared
    }
}

/// A copy of a listening socket, for another process. Whoever gets it closes it.
package struct SharedListener: Sendable {
    /// How the listener is called, and where it was told to listen: the port may be 0.
    package let name: String
    package let address: SocketAddress
    package let descriptor: Int32

    package init(name: String, address: SocketAddress, descriptor: Int32) {
        self.name = name
        self.address = address
        self.descriptor = descriptor
    }
}

extension ProxyDriver {
    /// Accepts clients on more sockets; they are closed instead when it drains, as the others have been.
    mutating func listen(on sockets: [ListeningSocket], loop: inout EventLoop) {
        for socket in sockets {
            if isDraining {
                Listening.close(socket.descriptor)
                continue
            }
            do throws(SystemError) {
                let token = try loop.listen(
                    on: socket.descriptor, tag: UInt32(socket.place), isShared: socket.isShared)
                listening.append((socket.place, token))
            } catch {
                metrics.add(.acceptErrors)
                Listening.close(socket.descriptor)
            }
        }
    }

    /// Copies of all sockets on which this loop listens. The loop makes them, as it alone knows which are open.
    func shareListeners(_ loop: inout EventLoop) -> [SharedListener] {
        var shared: [SharedListener] = []
        for (place, token) in listening {
            guard let descriptor = try? loop.copyDescriptor(of: token) else { continue }
            let listener = listeners[place]
            shared.append(SharedListener(name: listener.name, address: listener.address, descriptor: descriptor))
        }
        return shared
    }
}
