// What the configuration says of TLS, compiled.
import MartletHTTPCore
import MartletRouting
import MartletTLS
import Synchronization

/// TLS of a listener.
package struct ListenerTLS: Sendable {
    package let context: TLSServerContext
    /// The value of Strict-Transport-Security in responses; `nil` for none (RFC 6797).
    package var strictTransport: String?
    /// Whether routes may say that instead (`secureHeaders`), as the listener says neither something nor to say nothing.
    package var leavesStrictTransport = false
    /// Whether servers get the client's certificate as Client-Cert (RFC 9440).
    package var forwardsCertificate = false

    package init(context: TLSServerContext) { self.context = context }
}

/// TLS to the servers of an upstream.
package struct UpstreamTLS: Sendable {
    package let context: TLSClientContext
    /// The name that servers must prove; without one it is the host that the server's address names.
    package var serverName: String?
    /// Whether servers need not prove who they are.
    package var isInsecure = false

    package init(context: TLSClientContext) { self.context = context }
}

/// Where the connections of a listener for plain TCP go.
package struct TunnelModel: Sendable {
    /// By the name that a client asks for in TLS, as upstreams' places; the first that matches counts.
    package var names: [(host: HostPattern, upstream: Int)] = []
    /// Where all others go; `nil` when they are refused.
    package var upstream: Int?

    package init() {}
}

/// Answers to an ACME server that asks by HTTP whether a name leads here (RFC 8555 section 8.3).
package final class HTTPChallenges: Sendable {
    /// The path that questions begin with.
    package static let prefix = "/.well-known/acme-challenge/"

    private let answers = Mutex<[String: String]>([:])
    private let count = Atomic<Int>(0)

    /// Those of this process: a token is as good as unique, and whoever is asked may answer.
    package static let ofProcess = HTTPChallenges()

    package init() {}

    /// Sets the answer to a token, or takes it away.
    package func set(_ token: String, _ answer: String?) {
        answers.withLock { answers in
            answers[token] = answer
            count.store(answers.count, ordering: .relaxed)
        }
    }

    /// Whether there is any answer at all.
    package var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }

    /// The answer to a token.
    package func answer(_ token: String) -> String? { answers.withLock { $0[token] } }
}
