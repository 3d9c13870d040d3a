// From a request to a route, in time that does not depend on the number of routes.
import MartletHTTPCore

/// A compiled set of routes.
///
/// The host comes first: an exact name, then wildcards from the longest to the shortest, then routes for any host; if no route
/// of one host is for the request, the next is asked. Among the routes of a host, paths that are written out come first, then
/// expressions, then patterns: their segments are compared from the left, a literal is taken before `*`, and the longest match
/// wins. Of routes for the same path, the one with more conditions comes first; so it does among expressions. Only then the
/// order of the list matters.
///
/// Labels of hosts and segments of paths are the edges of tries, kept in hash tables, so a look-up costs a probe for each
/// label and each segment that some route has. Each is read once for each place of a trie that it leads to: patterns with
/// `*` may make a look-up follow two branches, but it visits no node twice, and what a client sends cannot add nodes.
package struct RouteTable: Sendable {
    private var hosts: HostTrie
    private var paths: PathTrie
    private var conditions = ConditionTable()
    /// For each route, where its condition begins in `conditions`; -1 for none.
    private var places: [Int32] = []
    /// Where the paths of the routes for any host begin; 0 for none.
    private var anyHost: UInt32 = 0

    /// - Parameters:
    ///   - rules: the routes; a look-up returns an index of this list.
    ///   - seed: for the hash tables; a random one unless given.
    package init(_ rules: [RouteRule], seed: UInt64 = .random(in: 0 ... .max)) {
        hosts = HostTrie(seed: seed)
        paths = PathTrie(seed: seed)
        places.reserveCapacity(rules.count)
        for index in rules.indices {
            let condition = rules[index].condition
            places.append(condition.weight == 0 ? -1 : conditions.insert(condition))
        }
        // Many routes are for the same host.
        var roots: [HostPattern: UInt32] = [:]
        for index in RoutePrecedence.order(of: rules) {
            let isConditional = places[index] >= 0
            if rules[index].hosts.isEmpty {
                paths.insert(rules[index].path, below: rootOfAny(), route: index, isConditional: isConditional)
            }
            for host in rules[index].hosts {
                let known = roots[host]
                let root = known ?? root(for: host)
                if known == nil { roots[host] = root }
                paths.insert(rules[index].path, below: root, route: index, isConditional: isConditional)
            }
        }
        paths.finish()
    }

    private mutating func root(for host: HostPattern) -> UInt32 { hosts.root(for: host) { paths.addNode() } }

    private mutating func rootOfAny() -> UInt32 {
        if anyHost == 0 { anyHost = paths.addNode() }
        return anyHost
    }

    /// Whether a route asks for a part of the client's certificate, which has to be in the memory then.
    package var usesCertificates: Bool { conditions.usesCertificates }

    /// The route for a request; `nil` if there is none.
    /// - Parameters:
    ///   - request: whose ranges are of `arena`, and whose path is in the one form.
    package func route(
        _ request: borrowing RequestHead, _ arena: Span<UInt8>, _ client: RouteClient, _ memory: inout RouteMemory
    ) -> Int? {
        let path = request.form == .asterisk ? StaticString("/").bytes : arena.extracting(request.path)
        let last = find(
            host: arena.extracting(request.authority), path: path, isEncoded: request.isPathEncoded, &memory)
        if memory.candidates.isEmpty { return last >= 0 ? Int(last) : nil }
        for candidate in 0..<memory.candidates.count {
            let route = Int(memory.candidates[candidate])
            if conditions.holds(Int(places[route]), request, arena, client, &memory) { return route }
        }
        return last >= 0 ? Int(last) : nil
    }

    /// The route without conditions for a host and a path; `nil` if there is none.
    /// - Parameters:
    ///   - host: the authority as it was sent, port and all.
    ///   - path: without the query; empty means "/". What does not begin with "/", such as "*", matches nothing.
    package func lookup(host: Span<UInt8>, path: Span<UInt8>, _ memory: inout RouteMemory) -> Int? {
        let value = find(host: host, path: path, isEncoded: true, &memory)
        return value >= 0 ? Int(value) : nil
    }

    /// The same, with the routes that have conditions and come before it in the memory's candidates.
    /// - Parameter isEncoded: the path may have "%" in it.
    private func find(
        host: Span<UInt8>, path: Span<UInt8>, isEncoded: Bool, _ memory: inout RouteMemory
    ) -> Int32 {
        if !memory.candidates.isEmpty { memory.candidates.removeAll(keepingCapacity: true) }
        if path.isEmpty { return search(host: host, path: StaticString("/").bytes, &memory) }
        if path[0] != 0x2F { return RouteChains.none }
        if !isEncoded { return search(host: host, path: path, &memory) }
        var decoded = memory.takeText()
        PercentCode.decode(path, onto: &decoded)
        let value = search(host: host, path: decoded.span, &memory)
        memory.giveBack(&decoded)
        return value
    }

    private func search(host: Span<UInt8>, path: Span<UInt8>, _ memory: inout RouteMemory) -> Int32 {
        var match = hosts.match(host, steps: &memory.steps)
        while let root = hosts.next(&match, steps: &memory.steps) {
            let value = paths.find(path, below: root, &memory)
            if value >= 0 { return value }
        }
        return anyHost == 0 ? RouteChains.none : paths.find(path, below: anyHost, &memory)
    }
}
