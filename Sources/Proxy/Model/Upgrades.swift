// Which protocols clients and servers may switch to (RFC 9110 section 7.8).
import MartletHTTPCore

/// All protocols that routes allow, and which of them each list of a route has.
package struct UpgradeTable: Sendable {
    /// As they are written to servers and clients. The first is WebSocket.
    package private(set) var names = ["websocket"]
    /// Places in `names`. The first list is that of routes that say nothing of it.
    private var lists: [[Int]] = [[UpgradeTable.webSocket]]

    /// The place of WebSocket among the names (RFC 6455).
    package static let webSocket = 0
    /// What the first list has.
    private static let usual = ["websocket"]

    package init() {}

    /// Puts a list in, if there is no such list yet; its place.
    package mutating func insert(_ allowed: [String]) -> Int {
        if allowed == UpgradeTable.usual { return 0 }
        let list = allowed.map { place(of: $0) }
        if let known = lists.firstIndex(of: list) { return known }
        lists.append(list)
        return lists.count - 1
    }

    mutating func place(of name: String) -> Int {
        if let known = names.firstIndex(where: { $0.lowercased() == name.lowercased() }) { return known }
        names.append(name)
        return names.count - 1
    }

    /// The protocols of a list.
    package func names(in list: Int) -> [String] { lists[list].map { names[$0] } }

    /// The place among the names of a protocol that a list allows; nil for any other. Their case does not matter.
    func place(of name: Span<UInt8>, in list: Int) -> Int? {
        for place in lists[list] where isName(name, of: place) { return place }
        return nil
    }

    /// Whether a protocol is the one at a place among the names.
    func isName(_ name: Span<UInt8>, of place: Int) -> Bool {
        ByteScan.equalsIgnoringCase(name, names[place].utf8.span)
    }
}
