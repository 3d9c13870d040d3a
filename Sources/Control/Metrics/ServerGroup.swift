// Servers that share their labels share their samples: the format forbids the same sample twice.

/// The servers with one pair of names.
struct ServerGroup: Equatable, Sendable {
    let labels: [MetricLabel]
    /// The labels as they are written.
    let text: [UInt8]
    /// Their places in the snapshot.
    private(set) var servers: [Int]

    /// Groups in the order in which their first servers come.
    static func groups(of names: ArraySlice<(upstream: String, server: String)>) -> [ServerGroup] {
        var groups: [ServerGroup] = []
        var places: [[MetricLabel]: Int] = [:]
        // A place without a name is nobody's.
        for (index, name) in names.enumerated() where !name.server.isEmpty {
            let labels = [MetricLabel("upstream", name.upstream), MetricLabel("server", name.server)]
            if let place = places[labels] {
                groups[place].servers.append(index)
            } else {
                places[labels] = groups.count
                let text = Array(PrometheusWriter.text(of: labels).utf8)
                groups.append(ServerGroup(labels: labels, text: text, servers: [index]))
            }
        }
        return groups
    }
}
