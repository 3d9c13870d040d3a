// What operators may see of client connections.
import MartletEventLoop
import MartletHTTPCore

/// A client connection, as it was for a moment.
package struct ConnectionReport: Sendable {
    /// The listener's place in the model.
    package let listener: Int
    /// Who it is: the other end, or whom the PROXY header names.
    package let peer: PeerAddress
    package let loop: Int
    /// What it is doing, in a word.
    package let state: String
    package let isSecure: Bool
    package let requests: Int
}

/// What a loop says of its client connections.
package struct ConnectionReports: Sendable {
    /// How many there are, by the listener's place in the model.
    package var counts: [Int: Int] = [:]
    /// Some of them.
    package var some: [ConnectionReport] = []
}

extension ProxyDriver {
    /// How many connections there are, and what can be said of the first of them. Streams and copies are not connections.
    func connectionReports(limit: Int) -> ConnectionReports {
        var reports = ConnectionReports()
        for index in 0..<clients.places {
            guard let token = clients.token(at: index),
                clients[token.index].flags.isDisjoint(with: [.isStream, .isMirror])
            else { continue }
            let client = token.index
            reports.counts[Int(clients[client].listener), default: 0] += 1
            if reports.some.count == limit { continue }
            reports.some.append(
                ConnectionReport(
                    listener: Int(clients[client].listener), peer: clients[client].peer, loop: number,
                    state: clients[client].state.name, isSecure: clients[client].flags.contains(.isSecure),
                    requests: Int(clients[client].requests)))
        }
        return reports
    }
}

extension ClientState {
    /// In a word.
    fileprivate var name: String {
        switch self {
        case .idle: "idle"
        case .readingHead: "reading head"
        case .exchanging: "exchanging"
        case .readingProxyHeader: "reading PROXY header"
        case .readingHello: "reading ClientHello"
        case .tunnelling: "tunnelling"
        case .multiplexing: "HTTP/2"
        case .lingering: "lingering"
        }
    }
}
