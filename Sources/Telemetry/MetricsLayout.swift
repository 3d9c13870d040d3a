// Where a loop's counters lie: those of the loop, then distributions, then a block for each listener, route, upstream and server.

/// How many blocks there are, and where.
@usableFromInline
package struct MetricsLayout: Sendable, Equatable, BitwiseCopyable {
    /// Blocks of listeners, routes and upstreams, those that are reserved included.
    @usableFromInline package let listeners: Int
    @usableFromInline package let routes: Int
    @usableFromInline package let upstreams: Int
    /// How many servers have a block.
    @usableFromInline package let servers: Int

    /// - Parameters: how many of each have a block of their own.
    package init(servers: Int, listeners: Int = 0, routes: Int = 0, upstreams: Int = 0) {
        self.servers = servers
        self.listeners = listeners + Scope.reserved
        self.routes = routes + Scope.reserved
        self.upstreams = upstreams + Scope.reserved
    }

    /// The same with fewer servers, which come last.
    func limited(toServers most: Int?) -> MetricsLayout { MetricsLayout(self, servers: min(most ?? servers, servers)) }

    private init(_ other: MetricsLayout, servers: Int) {
        self.servers = servers
        listeners = other.listeners
        routes = other.routes
        upstreams = other.upstreams
    }

    @inlinable static var distributionBase: Int { Counter.allCasesCount }
    /// Its buckets and the sum.
    @inlinable static var distributionSize: Int { HistogramBuckets.count + 1 }
    @inlinable static var scopeBase: Int { distributionBase + Distribution.allCasesCount * distributionSize }
    /// Counters, then buckets.
    @inlinable static var scopeSize: Int { ScopeCounter.allCasesCount + DurationBuckets.count }
    @inlinable static var serverSize: Int { ServerCounter.allCasesCount + DurationBuckets.count }

    /// Cells of a scope's block.
    package static var blockCells: Int { scopeSize }

    @inlinable var serverBase: Int { Self.scopeBase + (listeners + routes + upstreams) * Self.scopeSize }
    @inlinable var count: Int { serverBase + servers * Self.serverSize }

    /// How many blocks a scope has.
    @inlinable
    package func blocks(_ scope: Scope) -> Int {
        switch scope {
        case .listener: listeners
        case .route: routes
        case .upstream: upstreams
        }
    }

    /// The first cell of a block. What has none is counted with the others.
    @inlinable
    func base(_ scope: Scope, _ block: Int) -> Int {
        let before =
            switch scope {
            case .listener: 0
            case .route: listeners
            case .upstream: listeners + routes
            }
        let place = block >= 0 && block < blocks(scope) ? block : Scope.other
        return Self.scopeBase + (before + place) * Self.scopeSize
    }

    @inlinable
    func base(server: Int) -> Int {
        precondition(server >= 0 && server < servers, "no such server")
        return serverBase + server * Self.serverSize
    }

    static func base(_ distribution: Distribution) -> Int {
        distributionBase + distribution.rawValue * distributionSize
    }
}

extension Counter {
    /// The number of cases, as a constant.
    @inlinable static var allCasesCount: Int { Counter.loopBusyNanoseconds.rawValue + 1 }
}

extension ServerCounter {
    @inlinable static var allCasesCount: Int { ServerCounter.bytesOut.rawValue + 1 }
}

extension Distribution {
    @inlinable static var allCasesCount: Int { Distribution.turn.rawValue + 1 }
}
