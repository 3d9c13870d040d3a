// A server that is known by name.
import MartletHTTPCore
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
    static func all(in configuration: Configuration) -> [ServerName] {
        var names: [ServerName] = []
        var place = 0
        for upstream in configuration.upstreams {
            for server in upstream.servers {
                if case .name(let host, let port) = server.address {
                    names.append(
                        ServerName(server: place, host: host, port: port, interval: upstream.resolveInterval))
                }
                place += 1
            }
        }
        return names
    }
}
