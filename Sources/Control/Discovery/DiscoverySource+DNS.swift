// From the config's settings to those of the look-ups, and from what they find to servers.
import MartletDNS
import MartletEventLoop
import MartletHTTPCore
import MartletProxyConfig

extension WatchedName {
    /// A name to be watched; `nil` for a source that has none.
    init?(_ entry: DiscoveryBook.Entry) {
        let settings = entry.source.settings
        guard let name = settings.dns.flatMap({ DNSName($0) }) else { return nil }
        var rules = DiscoveryRules()
        rules.shortest = settings.minTTL.milliseconds
        rules.longest = settings.maxTTL.milliseconds
        rules.confirmations = settings.emptyAnswers
        rules.mostServers = settings.maxServers
        self.init(key: entry.number, name: name, kind: DiscoveryKind(settings), rules: rules)
    }
}

extension DiscoveryKind {
    fileprivate init(_ settings: DiscoverConfiguration) {
        let port = UInt16(clamping: settings.port ?? 0)
        self =
            switch settings.type {
            case nil: .addresses(v4: true, v6: true, port: port)
            case .a: .addresses(v4: true, v6: false, port: port)
            case .aaaa: .addresses(v4: false, v6: true, port: port)
            case .srv: .services
            }
    }
}

extension DNSSettings {
    init(_ settings: ResolversConfiguration) {
        self.init()
        timeout = settings.timeout.milliseconds
        rounds = settings.tries
    }
}

extension ServerConfiguration {
    /// The greatest weight of a server; those of services go further.
    private static let mostWeight = 1_000

    /// What a name has led to, in order.
    static func all(_ found: [DiscoveredServer]) -> [ServerConfiguration] {
        let greatest = max(found.map { Int($0.weight) }.max() ?? 1, mostWeight)
        return found.map { server in
            var result = ServerConfiguration(address: .ip(server.address, port: server.port))
            result.weight = max(1, Int(server.weight) * mostWeight / greatest)
            result.backup = server.isBackup
            result.origin = .dns
            return result
        }
    }
}

extension SocketAddress {
    /// Where a resolver is asked.
    init?(resolver address: ServerAddress) {
        guard case .ip(let ip, let port) = address else { return nil }
        self.init(high: ip.hi, low: ip.lo, port: port)
    }
}

/// Who is asked.
enum Resolvers {
    /// The addresses of the config, or else those of its file; never none.
    static func addresses(_ settings: ResolversConfiguration) -> [SocketAddress] {
        let written = settings.addresses.compactMap { SocketAddress(resolver: $0) }
        if !written.isEmpty { return written }
        var text = ""
        do throws(SystemError) {
            text = String(decoding: try FileBytes.read(settings.file), as: UTF8.self)
        } catch {
            // Without it this host is asked, as the C library does.
        }
        return ResolverFile(text).servers.map { SocketAddress(high: $0.hi, low: $0.lo, port: 53) }
    }
}
