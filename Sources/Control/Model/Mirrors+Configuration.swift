// Copies of a route's requests.
import MartletProxy
import MartletProxyConfig

extension MirrorModel {
    /// - Parameter places: the places of upstreams, by their names. `nil` if none has the mirror's.
    init?(_ mirror: MirrorConfiguration, places: [String: Int]) {
        guard let upstream = places[mirror.to] else { return nil }
        self.init(upstream: upstream, share: mirror.share)
        content = mirror.content
        inFlight = mirror.inFlight
        time = mirror.timeout.milliseconds
    }
}
