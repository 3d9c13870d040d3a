// Which routes of a config are the same as in the config before.
import MartletProxy
import MartletProxyConfig
import MartletRouting

/// Pairs routes with those before.
struct RoutePairing {
    /// From requests to routes, if there are as many as before, each for the same requests as the one at its place before.
    let table: RouteTable?
    private let names: [RouteName]
    private let places: [Int?]

    /// `nil` where routes and targets before do not have the same places.
    init?(_ routes: RouteList, after before: CompiledBefore) {
        let (set, old) = (before.model.routeSet, before.configuration.routes)
        guard set.names.count == old.count else { return nil }
        let isAsked = zip(routes.entries, old.entries).lazy.map { entry, other in
            entry === other || entry.route.isForSameRequests(as: other.route)
        }
        table = routes.count == old.count && isAsked.allSatisfy(\.self) ? set.table : nil
        names = set.names
        places = routes.places(in: old)
    }

    /// What a route is called that is the same as before.
    func name(of index: Int) -> RouteName? { places[index].map { names[$0] } }
}
