// Which routes of a config are the same as in the config before.
import MartletProxy
import MartletProxyConfig
import MartletRouting

/// Pairs the routes in front of what has changed, and those behind it.
struct RoutePairing {
    /// From requests to routes, if there are as many as before, each for the same requests as the one at its place before.
    let table: RouteTable?
    private let names: [RouteName]
    private let front: Int
    private let back: Range<Int>
    private let shift: Int

    /// `nil` where routes and targets before do not have the same places.
    init?(_ routes: RouteList, after before: CompiledBefore) {
        let (set, old) = (before.model.routeSet, before.configuration.routes)
        guard set.names.count == old.count else { return nil }
        let same = routes.unchanged(since: old)
        let changed = same.front..<routes.count - same.back
        let isAsked = changed.lazy.map { routes.entries[$0].route.isForSameRequests(as: old.entries[$0].route) }
        table = routes.count == old.count && isAsked.allSatisfy(\.self) ? set.table : nil
        names = set.names
        front = same.front
        back = changed.upperBound..<routes.count
        shift = old.count - routes.count
    }

    /// What a route is called that is the same as before.
    func name(of index: Int) -> RouteName? {
        index < front ? names[index] : back.contains(index) ? names[index + shift] : nil
    }
}
