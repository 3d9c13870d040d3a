// Who waits for a server, in which order. Pure: exchanges are numbers here.

/// Lists of waiting exchanges: a list for each upstream and priority, first in first out. Any one can leave at any time.
package struct WaitingLists: ~Copyable {
    private struct Link: BitwiseCopyable {
        var before: UInt32 = .max
        var after: UInt32 = .max
        /// The list it is in; `.max` for none.
        var list: UInt32 = .max
        var since: UInt64 = 0
    }

    private struct List: BitwiseCopyable {
        var first: UInt32 = .max
        var last: UInt32 = .max
        var count = 0
    }

    private var links: [Link] = []
    private var lists: [List]
    /// All that wait.
    package private(set) var count = 0

    /// - Parameter lists: how many lists there are.
    package init(lists: Int) { self.lists = Array(repeating: List(), count: lists) }

    /// Makes room for more lists; those that there are stay as they are.
    package mutating func grow(lists count: Int) {
        while lists.count < count { lists.append(List()) }
    }

    /// Puts an exchange behind those that have waited longer, so that the first of a list is always the one whose time is
    /// over first.
    /// - Parameters:
    ///   - since: when it began to wait, in milliseconds.
    ///   - first: whether it comes before those that have waited as long: it had its turn and could not take it.
    package mutating func insert(_ exchange: UInt32, list: Int, since: UInt64, first: Bool = false) {
        while links.count <= Int(exchange) { links.append(Link()) }
        precondition(links[Int(exchange)].list == .max, "it waits already")
        links[Int(exchange)] = Link(list: UInt32(list), since: since)
        count += 1
        lists[list].count += 1
        link(exchange, after: predecessor(list, since, first: first), list)
    }

    /// Behind whom an exchange belongs; `.max` for nobody. Whoever comes back is among the first, and whoever is new among
    /// the last: neither has to be looked for.
    private func predecessor(_ list: Int, _ since: UInt64, first: Bool) -> UInt32 {
        let head = lists[list].first
        if head == .max || isBefore(since, links[Int(head)].since, first: first) { return .max }
        var place = lists[list].last
        while place != .max && isBefore(since, links[Int(place)].since, first: first) {
            place = links[Int(place)].before
        }
        return place
    }

    private func isBefore(_ since: UInt64, _ other: UInt64, first: Bool) -> Bool {
        since < other || first && since == other
    }

    private mutating func link(_ exchange: UInt32, after previous: UInt32, _ list: Int) {
        let next = previous == .max ? lists[list].first : links[Int(previous)].after
        links[Int(exchange)].before = previous
        links[Int(exchange)].after = next
        if previous == .max { lists[list].first = exchange } else { links[Int(previous)].after = exchange }
        if next == .max { lists[list].last = exchange } else { links[Int(next)].before = exchange }
    }

    /// Takes an exchange out, wherever it stands; whether it waited.
    package mutating func remove(_ exchange: UInt32) -> Bool {
        if Int(exchange) >= links.count || links[Int(exchange)].list == .max { return false }
        let link = links[Int(exchange)]
        let list = Int(link.list)
        if link.before == .max { lists[list].first = link.after } else { links[Int(link.before)].after = link.after }
        if link.after == .max { lists[list].last = link.before } else { links[Int(link.after)].before = link.before }
        lists[list].count -= 1
        count -= 1
        links[Int(exchange)] = Link()
        return true
    }

    /// The exchange whose turn it is; `nil` if nobody waits in the list.
    package func first(of list: Int) -> UInt32? { lists[list].first == .max ? nil : lists[list].first }

    /// How many wait in a list.
    package func count(of list: Int) -> Int { lists[list].count }

    /// Since when an exchange waits.
    package func since(_ exchange: UInt32) -> UInt64 { links[Int(exchange)].since }

    /// The list that an exchange waits in; `nil` if it does not wait.
    package func list(of exchange: UInt32) -> Int? {
        if Int(exchange) >= links.count || links[Int(exchange)].list == .max { return nil }
        return Int(links[Int(exchange)].list)
    }
}
