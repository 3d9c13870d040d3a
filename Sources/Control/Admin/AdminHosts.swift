// What the admin listener may be called. A page on a name of its own can have that name lead to a listener on this machine, or in
// its network, and then ask it from the browser of whoever looks at the page (DNS rebinding). It cannot do so with an address.
import MartletHTTPCore
import MartletProxyConfig

/// The names that requests by TCP may be for.
struct AdminHosts: Equatable, Sendable {
    /// As the config has them: in lower case, `*.` in front for all below.
    private let names: [String]
    /// Whether only this machine can ask: what others may not see is not to be seen through its browsers.
    let isLoopback: Bool
    /// With TLS a browser finds out by itself that it is not where it thinks it is.
    private let isSecure: Bool

    init(names: [String] = [], isLoopback: Bool = false, isSecure: Bool = false) {
        self.names = names
        self.isLoopback = isLoopback
        self.isSecure = isSecure
    }

    init(_ admin: AdminConfiguration?) {
        self.init(
            names: admin?.hosts ?? [], isLoopback: admin?.isOnLoopback ?? false, isSecure: admin?.tls != nil)
    }

    /// Whether a request may be for a host, with or without a port. Every browser names one; HTTP/1.0 need not.
    func allow(_ authority: String) -> Bool {
        if authority.isEmpty || authority.hasPrefix("[") || isSecure && names.isEmpty { return true }
        var host = authority.prefix { $0 != ":" }.lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        if host == "localhost" || host.hasSuffix(".localhost") || IPAddress(parsing: host) != nil { return true }
        return names.contains { name in
            if !name.hasPrefix("*.") { return name == host }
            return host.hasSuffix(name.dropFirst()) && host.count >= name.count
        }
    }
}
