// By what responses may show where the servers of an upstream stand.
import MartletEventLoop
import MartletHTTPCore
import MartletRouting

/// The addresses of an upstream's servers, as responses may have them.
package struct OriginModel: Sendable {
    /// What references to servers have for their host.
    let names: OriginNames
    /// What must not stand in a response.
    let leaks: LeakFinder
    /// Both are made of this.
    private let sources: Sources

    /// - Parameter aliases: hosts with or without port by which servers are asked, besides their addresses.
    package init(servers: [ServerModel], aliases: [String] = []) {
        let others = aliases.map { alias in
            let place = Place(name: alias)
            return place.port == 0 ? (alias, UInt16(0)) : (place.host, place.port)
        }
        self.init(Sources(places: servers.map { Place($0) }, aliases: others), resolved: [])
    }

    private init(_ sources: Sources, resolved: [Place]) {
        self.sources = sources
        let places = sources.places + resolved
        names = OriginNames(places.filter { !$0.isFile }.map { ($0.host, $0.port) } + sources.aliases)
        leaks = LeakFinder(places.flatMap(\.leaks))
    }

    /// The same with the addresses that names of servers lead to now.
    func including(_ addresses: [SocketAddress]) -> OriginModel {
        OriginModel(sources, resolved: addresses.map { Place($0) })
    }

    /// What is known of the servers without looking up their names. A reference, as it is not needed for requests.
    private final class Sources: Sendable {
        let places: [Place]
        let aliases: [(host: String, port: UInt16)]

        init(places: [Place], aliases: [(host: String, port: UInt16)]) {
            self.places = places
            self.aliases = aliases
        }
    }

    /// The address of a server in parts.
    private struct Place: Sendable {
        /// Without brackets; the path of a Unix socket.
        let host: String
        let port: UInt16
        let isFile: Bool

        init(_ server: ServerModel) { self.init(name: server.name) }

        /// Where a name leads to.
        init(_ address: SocketAddress) {
            isFile = false
            host = IPAddress(hi: address.high, lo: address.low).description
            port = address.port
        }

        init(name: String) {
            isFile = name.hasPrefix("unix:")
            if isFile {
                host = String(name.dropFirst(5))
                port = 0
                return
            }
            let colon = name.lastIndex(of: ":")
            port = colon.flatMap { UInt16(name[name.index(after: $0)...]) } ?? 0
            let text = port == 0 ? name[...] : name[..<(colon ?? name.endIndex)]
            host = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : String(text)
        }

        /// What tells where the server stands. Addresses that mean the machine itself, and names without a dot, are found only
        /// where they cannot mean anything else.
        var leaks: [TextFinder.Pattern] {
            if isFile { return [TextFinder.Pattern(host)] }
            let isIPv6 = host.contains(":")
            let withPort = isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
            if let address = IPAddress(parsing: host[...]) {
                if address.isLoopback { return [TextFinder.Pattern(withPort)] }
                return [TextFinder.Pattern(host, hasColons: isIPv6)]
            }
            if host.contains(".") { return [TextFinder.Pattern(host)] }
            if host.lowercased() == "localhost" { return [TextFinder.Pattern(withPort)] }
            return [TextFinder.Pattern(withPort), TextFinder.Pattern("//" + host)]
        }
    }
}

/// Looks for what must not stand in a response. A reference, so that who asks it for each response retains one thing at most, and
/// not each of its tables.
final class LeakFinder: Sendable {
    private let texts: TextFinder

    init(_ patterns: [TextFinder.Pattern]) { texts = TextFinder(patterns) }

    /// Where the first of them stands in `head`.
    func find(in head: Span<UInt8>) -> Range<Int>? { texts.find(in: head) }
}
