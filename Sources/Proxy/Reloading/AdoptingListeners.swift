// Listeners of another model. Places here are the loop's own: sockets and connections know their listeners by them.
import MartletEventLoop
import MartletHTTP2
import MartletTelemetry

extension ProxyDriver {
    /// Listens where the model wants it; what has kept it from that.
    mutating func adoptListeners(_ change: ModelChange, on loop: inout EventLoop) -> SystemError? {
        let before = listenerPlaces
        var free = freeListenerPlaces()
        var failure: SystemError?
        listenerPlaces = []
        for (index, listener) in model.listeners.enumerated() {
            let place = change.listeners[index].map { before[$0] } ?? free.popLast() ?? listeners.count
            if place == listeners.count { listeners.append(listener) } else { listeners[place] = listener }
            listenerPlaces.append(place)
            guard let descriptor = change.descriptors[index] else { continue }
            do throws(SystemError) {
                let token = try loop.listen(on: descriptor, tag: UInt32(place), isShared: listener.isShared)
                if isDraining && !listener.isAdmin { loop.close(token) } else { listening.append((place, token)) }
            } catch {
                failure = error
            }
        }
        for place in before where !listenerPlaces.contains(place) { retireListener(place, on: &loop) }
        return failure
    }

    /// Places of listeners that are gone, and so are all who came by them.
    private func freeListenerPlaces() -> [Int] {
        var used = Set(listenerPlaces)
        if used.count == listeners.count { return [] }
        for index in 0..<clients.places {
            if let token = clients.token(at: index) { used.insert(Int(clients[token.index].listener)) }
        }
        return listeners.indices.filter { !used.contains($0) }
    }

    /// Takes no more clients there. Those who are there are served, and then told to go; tunnels stay.
    private mutating func retireListener(_ place: Int, on loop: inout EventLoop) {
        for socket in listening where socket.place == place { loop.close(socket.token) }
        listening.removeAll { $0.place == place }
        for index in 0..<clients.places {
            guard let token = clients.token(at: index), Int(clients[token.index].listener) == place,
                clients[token.index].flags.isDisjoint(with: [.isStream, .isMirror])
            else { continue }
            dismiss(token.index, on: &loop)
        }
        loop.wake(at: loop.milliseconds)
    }

    private mutating func dismiss(_ client: UInt32, on loop: inout EventLoop) {
        switch clients[client].state {
        case .tunnelling, .readingHello, .lingering: return
        case .multiplexing: drainMultiplexer(clients[client].multiplexer, on: &loop)
        case .readingHead, .exchanging, .readingProxyHeader: clients[client].flags.insert(.closesAfter)
        case .idle:
            clients[client].flags.insert(.closesAfter)
            // Who is in the middle of a handshake has its own time for that.
            if clients[client].flags.contains(.isHandshaking) { return }
            clients[client].deadline = loop.milliseconds + Self.idleGrace
            loop.setTimer(clients[client].socket, at: clients[client].deadline)
        }
    }
}
