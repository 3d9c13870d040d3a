// What goes wrong with connections that are relayed as they are, and before a connection is one of HTTP.
import MartletLayer4

/// A failure that exchanges of HTTP do not have.
package enum TunnelFailure: Equatable, BitwiseCopyable, Sendable {
    /// Nothing has moved for as long as it may rest.
    case idle
    /// The server reset the connection.
    case serverReset
    /// The server has not taken anything for long, and memory was short.
    case serverStalled
    case helloRefused(ClientHelloRefusal)
    case helloTimeout
    /// The client wants a server that no upstream is for.
    case nameUnmatched
    case proxyHeaderRefused(ProxyHeaderRefusal)
    case proxyHeaderTimeout

    var side: FailureSide {
        switch self {
        case .idle, .nameUnmatched: .proxy
        case .serverReset, .serverStalled: .server
        case .helloRefused, .helloTimeout, .proxyHeaderRefused, .proxyHeaderTimeout: .client
        }
    }

    /// For the log, where statuses of HTTP say at a glance what became of a connection.
    var status: Int {
        switch self {
        case .idle, .serverStalled: 504
        case .serverReset: 502
        case .helloRefused, .proxyHeaderRefused: 400
        case .helloTimeout, .proxyHeaderTimeout: 408
        case .nameUnmatched: 404
        }
    }

    var reason: String {
        switch self {
        case .idle: "nothing was sent for too long"
        case .serverReset: "server reset the connection"
        case .serverStalled: "server took nothing for too long while memory was short"
        case .helloRefused(let refusal): refusal.reason
        case .helloTimeout: "ClientHello timeout"
        case .nameUnmatched: "no upstream for the name that the client wants"
        case .proxyHeaderRefused(let refusal): refusal.reason
        case .proxyHeaderTimeout: "PROXY header timeout"
        }
    }
}
