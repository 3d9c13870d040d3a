// A server that is known by name.
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig

/// A host name to be looked up, again and again, for one server.
struct ServerName: Equatable, Sendable {
    /// The server's place in the model.
    let server: Int
    let host: String
    let port: UInt16
    /// How long an answer is used.
    let interval: Duration

    /// Those of a config's servers that have a name, with their places in the model that is compiled from it.
    static func all(in configuration: Configuration, _ model: Model) -> [ServerName] {
        var places: [String: [Int]] = [:]
        for (_, upstream) in model.currentUpstreams { places[upstream.name] = upstream.servers }
        return configuration.upstreams.flatMap { upstream in
            zip(upstream.servers, places[upstream.name] ?? []).compactMap { server, place in
                guard case .name(let host, let port) = server.address else { return nil }
                return ServerName(server: place, host: host, port: port, interval: upstream.resolveInterval)
            }
        }
    }
}
