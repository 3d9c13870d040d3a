// What is looked for, and what has been found of it. Pure: time comes in, as on any clock that does not jump.
import MartletProxyConfig

/// Where an upstream's servers are found.
struct DiscoverySource: Hashable, Sendable {
    let upstream: String
    let settings: DiscoverConfiguration

    /// For a line: `dns app.internal` or `folder /etc/servers`.
    var place: String { settings.dns.map { "dns \($0)" } ?? "folder \(settings.folder ?? "")" }

    /// Those of a config.
    static func all(in configuration: Configuration) -> [DiscoverySource] {
        configuration.upstreams.compactMap { upstream in
            upstream.discover.map { DiscoverySource(upstream: upstream.name, settings: $0) }
        }
    }

    /// Whether it finds the same servers, however often it looks.
    func leads(where other: DiscoverySource) -> Bool {
        (upstream, settings.dns, settings.type) == (other.upstream, other.settings.dns, other.settings.type)
            && (settings.port, settings.folder) == (other.settings.port, other.settings.folder)
    }
}

/// All sources with what is known of them.
struct DiscoveryBook {
    /// What is known of a source.
    struct Entry {
        let source: DiscoverySource
        /// What it is called while it is looked for.
        let number: Int
        var servers: [ServerConfiguration] = []
        /// When there was an answer; `nil` before the first.
        var answered: Duration?
        /// Answers that did not come since then.
        var failures: UInt64 = 0
        var isFailing = false
        var isDoubted = false
        var leftOut = 0
        var problems: [String] = []
    }

    private(set) var entries: [Entry] = []
    /// Counts changes of servers.
    private(set) var version = 0
    private var next = 0

    /// Looks for these from now on, and for nothing else. What is new; what leads to the same as one that goes has its servers
    /// until it has its own.
    mutating func want(_ sources: [DiscoverySource]) -> [Int] {
        var added: [Int] = []
        let old = entries
        entries = sources.map { source in
            if let entry = old.first(where: { $0.source == source }) { return entry }
            next += 1
            added.append(next)
            var entry = Entry(source: source, number: next)
            entry.servers = old.first { $0.source.leads(where: source) }?.servers ?? []
            return entry
        }
        return added
    }

    /// Changes what is known of a source that is still looked for; whether its servers are others now.
    mutating func update(_ number: Int, _ change: (inout Entry) -> Void) -> Bool {
        guard let index = entries.firstIndex(where: { $0.number == number }) else { return false }
        let before = entries[index].servers
        change(&entries[index])
        if before == entries[index].servers { return false }
        version += 1
        return true
    }

    subscript(number: Int) -> Entry? { entries.first { $0.number == number } }

    /// Whether all of these have had an answer, or are not looked for any more.
    func areAnswered(_ numbers: [Int]) -> Bool { numbers.allSatisfy { self[$0].map { $0.answered != nil } ?? true } }

    /// How long these may be waited for.
    func patience(_ numbers: [Int]) -> Duration {
        numbers.compactMap { self[$0]?.source.settings.startTimeout }.max() ?? .zero
    }

    /// The config with the servers that have been found behind those that are written down. What is written down counts.
    func applied(to configuration: Configuration) -> Configuration {
        var result = configuration
        for (place, upstream) in configuration.upstreams.enumerated() {
            guard let settings = upstream.discover else { continue }
            let source = DiscoverySource(upstream: upstream.name, settings: settings)
            guard let entry = entries.first(where: { $0.source == source }), !entry.servers.isEmpty else { continue }
            let written = Set(upstream.servers.map(\.id))
            result.upstreams[place].servers += entry.servers.filter { !written.contains($0.id) }
        }
        return result
    }
}
