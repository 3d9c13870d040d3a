// Which listeners of two models are the same.
import MartletEventLoop
import MartletProxy

/// The listeners of a model beside those of the one before. The same address is the same listener, however else it has changed.
struct ListenerMatch {
    /// For each listener its place in the model before; `nil` for one that is new.
    let kept: [Int?]
    /// Places of new ones, and of those in the model before that are gone.
    let added: [Int]
    let removed: [Int]

    init(_ new: [ListenerModel], after old: [ListenerModel]) {
        var left = Set(old.indices)
        let kept = new.map { listener in
            let place = old.indices.first { place in
                // That of the admin listener is a socket of one loop only.
                left.contains(place) && old[place].address == listener.address && old[place].isAdmin == listener.isAdmin
            }
            if let place { left.remove(place) }
            return place
        }
        self.kept = kept
        added = new.indices.filter { kept[$0] == nil }
        removed = left.sorted()
    }

    /// Where clients connect.
    /// - Parameters:
    ///   - old: the addresses before.
    ///   - opened: those of the new ones.
    func addresses(_ old: [SocketAddress], _ opened: [SocketAddress]) -> [SocketAddress] {
        var next = opened[...]
        return kept.map { place in place.map { old[$0] } ?? next.removeFirst() }
    }

    /// A loop's sockets for the new listeners among all; `nil` for the others.
    func descriptors(_ opened: [Int32?]) -> [Int32?] {
        var next = opened[...]
        return kept.map { $0 == nil ? next.removeFirst() : nil }
    }
}
