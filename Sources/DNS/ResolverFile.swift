// resolv.conf(5): whom the system asks, and in which domains it looks.
import MartletHTTPCore

/// What is read of a resolv.conf.
package struct ResolverFile: Equatable, Sendable {
    /// As the C library: the first three are asked.
    static let most = 3

    /// Where to ask, in order. Never none: without a line this host is asked, as the C library does.
    package private(set) var servers: [IPAddress] = []
    /// Where names are looked for.
    package private(set) var search = SearchList()

    /// - Parameter hostName: what this host is called. Without a line about domains it is looked in that of the host.
    package init(_ text: String, hostName: String = "") {
        var (domains, dots): ([String]?, Int) = (nil, 1)
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2 else { continue }
            switch words[0] {
            case "nameserver": add(words[1])
            // Of several lines the last one counts, whichever of the two it is.
            case "domain": domains = [String(words[1])]
            case "search": domains = words.dropFirst().map { String($0) }
            case "options": dots = Self.dots(words.dropFirst()) ?? dots
            default: continue
            }
        }
        if servers.isEmpty { servers = [IPAddress(v4: 0x7F00_0001)] }
        let own = hostName.split(whereSeparator: \.isWhitespace).first?.split(separator: ".", maxSplits: 1)
            .dropFirst().map { String($0) }
        search = SearchList(domains ?? own ?? [], dots: dots)
    }

    private mutating func add(_ text: Substring) {
        if servers.count == Self.most { return }
        // What stands behind "%" names an interface, which addresses of this program have not.
        if let address = IPAddress(parsing: text.prefix { $0 != "%" }) { servers.append(address) }
    }

    private static func dots(_ options: ArraySlice<Substring>) -> Int? {
        options.last { $0.hasPrefix("ndots:") }.flatMap { Int($0.dropFirst("ndots:".count)) }
    }
}
