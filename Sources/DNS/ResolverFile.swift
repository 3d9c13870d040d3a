// resolv.conf(5): whom the system asks.
import MartletHTTPCore

/// What is read of a resolv.conf.
package struct ResolverFile: Equatable, Sendable {
    /// As the C library: the first three are asked.
    static let most = 3

    /// Where to ask, in order. Never none: without a line this host is asked, as the C library does.
    package private(set) var servers: [IPAddress] = []

    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2, words[0] == "nameserver", servers.count < Self.most else { continue }
            // What stands behind "%" names an interface, which addresses of this program have not.
            if let address = IPAddress(parsing: words[1].prefix { $0 != "%" }) { servers.append(address) }
        }
        if servers.isEmpty { servers = [IPAddress(v4: 0x7F00_0001)] }
    }
}
