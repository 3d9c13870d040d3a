// What was changed of servers at run time, on its way from one process to the next.
import MartletHTTPCore
import MartletProxyConfig

extension HandoverNote {
    /// Notes all differences of an overlay.
    mutating func set(_ overlay: ServerOverlay) {
        changes = overlay.entries.map { entry in
            Change(
                upstream: entry.key.upstream, server: entry.key.server.description,
                wanted: entry.wanted.map { Change.Attributes($0) }, basis: entry.basis.map { Change.Attributes($0) })
        }
    }

    /// The differences that make sense, and how many do not; `nil` when nothing is said of any.
    var overlay: (overlay: ServerOverlay, faults: Int)? {
        guard let changes else { return nil }
        var overlay = ServerOverlay()
        for change in changes.prefix(ServerOverlay.limit) {
            if let entry = change.entry, overlay[entry.key] == nil { overlay.append(entry) }
        }
        return (overlay, changes.count - overlay.entries.count)
    }
}

extension HandoverNote.Change {
    /// `nil` for one that makes no sense.
    fileprivate var entry: ServerOverlay.Entry? {
        guard let address = try? ServerAddress(parsing: server), !upstream.isEmpty else { return nil }
        let (new, old) = (wanted.map(\.attributes), basis.map(\.attributes))
        // One that was said, and is none.
        if new == .some(nil) || old == .some(nil) || wanted == basis { return nil }
        return ServerOverlay.Entry(
            key: ServerOverlay.Key(upstream: upstream, server: address), wanted: new ?? nil, basis: old ?? nil)
    }
}

extension HandoverNote.Change.Attributes {
    fileprivate init(_ attributes: ServerOverlay.Attributes) {
        weight = attributes.weight
        backup = attributes.backup
        state = attributes.state.rawValue
        maxInFlight = attributes.maxInFlight
        maxConnections = attributes.maxConnections
    }

    /// `nil` where a config would not say that.
    fileprivate var attributes: ServerOverlay.Attributes? {
        guard let state = ServerState(rawValue: state), (1...1_000).contains(weight) else { return nil }
        for limit in [maxInFlight, maxConnections].compactMap({ $0 }) where !(1...1_000_000).contains(limit) {
            return nil
        }
        return ServerOverlay.Attributes(
            weight: weight, backup: backup, state: state, maxInFlight: maxInFlight, maxConnections: maxConnections)
    }
}
