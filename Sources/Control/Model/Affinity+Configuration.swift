// What ties requests to servers: keys, and cookies with their values.
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig

extension Affinity {
    /// - Parameter secret: what cookies are made with if the config has no secret.
    init(_ upstream: UpstreamConfiguration, secret: StickySecret) {
        self.init()
        if upstream.balance == .hash { key = KeySource((upstream.hash ?? HashConfiguration()).key) }
        sticky = upstream.sticky.map { StickyModel($0, of: upstream, secret: secret) }
    }
}

extension KeySource {
    init(_ key: HashKey) {
        self =
            switch key {
            case .clientAddress: .clientAddress
            case .path: .path
            case .header(let name): .field(name.lowercased())
            case .cookie(let name): .cookie(name)
            case .query(let name): .query(name)
            }
    }
}

extension StickyModel {
    fileprivate init(_ sticky: StickyConfiguration, of upstream: UpstreamConfiguration, secret: StickySecret) {
        let secret = sticky.secret.map { StickySecret($0) } ?? secret
        self.init(
            cookie: sticky.cookie, attributes: Self.attributes(sticky),
            values: upstream.servers.map { secret.value(upstream: upstream.name, server: $0.address.description) })
    }

    /// What stands behind the value in Set-Cookie (RFC 6265 section 4.1.1).
    static func attributes(_ sticky: StickyConfiguration) -> String {
        var text = "; Path=\(sticky.path)"
        if let domain = sticky.domain { text += "; Domain=\(domain)" }
        if let ttl = sticky.ttl { text += "; Max-Age=\((ttl.milliseconds + 999) / 1_000)" }
        if sticky.httpOnly { text += "; HttpOnly" }
        switch sticky.sameSite {
        case .lax: text += "; SameSite=Lax"
        case .strict: text += "; SameSite=Strict"
        case .none: text += "; SameSite=None"
        }
        return sticky.secure ? text + "; Secure" : text
    }
}
