// How the requests of a route are shared out.
import MartletProxy
import MartletProxyConfig

extension SplitModel {
    /// - Parameters:
    ///   - places: the places of upstreams, by their names.
    ///   - secret: what cookies are made with if the config has no secret.
    init(_ split: SplitConfiguration, places: [String: Int], secret: StickySecret) {
        let shares = split.upstreams.filter { places[$0.upstream] != nil }
        self.init(
            shares.map { Share(upstream: places[$0.upstream] ?? 0, name: $0.upstream, weight: UInt64($0.weight)) })
        key = split.key.map { KeySource($0) }
        override = split.override?.lowercased()
        guard let sticky = split.sticky else { return }
        let secret = sticky.secret.map { StickySecret($0) } ?? secret
        // The name of no server: those have a port, or begin with "unix:".
        let values = shares.map { secret.value(upstream: $0.upstream, server: "split") }
        self.sticky = StickyModel(cookie: sticky.cookie, attributes: StickyModel.attributes(sticky), values: values)
    }
}
