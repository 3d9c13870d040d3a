// How many may be connected to the admin listener: they are not among `limits.connections`, so that whoever operates the proxy
// gets in when it is full, and so they have a limit of their own.
import MartletEventLoop

extension ProxyDriver {
    /// The most connections to the admin listener.
    package static var adminConnectionLimit: Int { 128 }

    /// Whether there is room for one more. Where there is none, the one that has waited longest without asking for anything ends:
    /// who only holds connections keeps nobody out.
    mutating func makeAdminRoom(on loop: inout EventLoop) -> Bool {
        if adminConnections < Self.adminConnectionLimit { return true }
        var (oldest, earliest) = (UInt32.max, UInt64.max)
        for place in 0..<clients.places where clients.token(at: place) != nil {
            let index = UInt32(place)
            let flags = clients[index].flags
            guard flags.contains(.isAdmin), flags.isDisjoint(with: [.isStream, .isBeingRead]),
                clients[index].state == .idle || clients[index].state == .readingHead,
                clients[index].deadline < earliest
            else { continue }
            (oldest, earliest) = (index, clients[index].deadline)
        }
        if oldest == .max { return false }
        closeClient(oldest, on: &loop)
        return true
    }
}
