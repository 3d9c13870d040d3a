// Which routes of a config are the same as in the config before.
import MartletProxy
import MartletProxyConfig

/// Pairs the routes in front of what has changed, and those behind it.
struct RoutePairing {
    /// What the routes before were compiled to.
    let before: RouteSet
    private let front: Int
    private let back: Range<Int>
    private let shift: Int

    /// `nil` where routes and targets before do not have the same places.
    init?(_ routes: [RouteConfiguration], after before: CompiledBefore) {
        let (set, old) = (before.model.routeSet, before.configuration.routes)
        guard set.rules.count == old.count, set.plain.count == old.count else { return nil }
        let parts = Configuration.unchanged(old, routes)
        self.before = set
        front = parts.front
        back = routes.count - parts.back..<routes.count
        shift = old.count - routes.count
    }

    /// The place before of a route that is the same.
    subscript(index: Int) -> Int? { index < front ? index : back.contains(index) ? index + shift : nil }
}
