// From the config's settings to those of the look-ups, and from what they find to servers.
import MartletDNS
import MartletEventLoop
import MartletHTTPCore
import MartletProxyConfig

extension WatchedName {
    /// A name to be watched; `nil` for a source that has none.
    init?(_ entry: DiscoveryBook.Entry) {
        let settings = entry.source.settings
        guard let name = settings.dns, DNSName(name) != nil else { return nil }
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
    init(_ settings: ResolversConfiguration, _ search: SearchList) {
        self.init()
        self.search = search
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

/// Who is asked, and for what.
struct Resolvers: Equatable {
    /// Never none.
    let addresses: [SocketAddress]
    let search: SearchList

    /// Those of the config, or else those of its file. Domains of the file are for its own resolvers: others do not know them.
    init(_ settings: ResolversConfiguration) {
        let written = settings.addresses.compactMap { SocketAddress(resolver: $0) }
        let file: ResolverFile? = written.isEmpty ? Self.file(settings.file) : nil
        addresses = file?.servers.map { SocketAddress(high: $0.hi, low: $0.lo, port: 53) } ?? written
        search = SearchList(
            settings.search ?? file?.search.domains.map { $0.isEmpty ? "." : $0 } ?? [],
            dots: settings.ndots ?? file?.search.dots ?? 1)
    }

    /// What cannot be read is as if it were empty: this host is asked then, as the C library does.
    private static func file(_ path: String) -> ResolverFile {
        ResolverFile(text(path), hostName: text("/proc/sys/kernel/hostname"))
    }

    private static func text(_ path: String) -> String {
        do throws(SystemError) {
            return String(decoding: try FileBytes.read(path), as: UTF8.self)
        } catch {
            return ""
        }
    }
}
