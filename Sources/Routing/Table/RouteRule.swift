// What a route says of the requests that it is for.

/// One route.
package struct RouteRule: Sendable {
    /// Empty: any host.
    package var hosts: [HostPattern] = []
    package var path: RoutePath
    package var condition = RouteCondition.none

    package init(hosts: [HostPattern] = [], path: RoutePath, condition: RouteCondition = .none) {
        self.hosts = hosts
        self.path = path
        self.condition = condition
    }
}

/// The paths of a route.
package enum RoutePath: Sendable {
    case pattern(PathPattern)
    case expression(Expression)
}
