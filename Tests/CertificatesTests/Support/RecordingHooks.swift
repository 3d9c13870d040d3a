// What the proxy would do: a small server for challenges of http-01, and a record of what was installed.
import Foundation
import MartletCertificates
import MartletTestSupport

/// Plays the proxy. Its HTTP server answers http-01 challenges.
final class RecordingHooks: AcmeHooks {
    struct Installed: Sendable {
        let id: AcmeRequest.ID
        let identity: PEMIdentity
        let origin: AcmeOrigin
    }

    struct State: Sendable {
        var installed: [Installed] = []
        var answers: [String: String] = [:]
        /// How many challenges were set, and how many have been taken away again.
        var shown = 0, removed = 0
        var status: AcmeStatus?
        var statuses: [AcmeStatus] = []
    }

    let state = Monitor(State())
    let server: ScriptedServer

    init() throws {
        let state = state
        server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            let token = request.target.split(separator: "/").last.map(String.init) ?? ""
            let answer = state.value.answers[token]
            let status = answer == nil ? "404 Not Found" : "200 OK"
            try socket.send(
                "HTTP/1.1 \(status)\r\nContent-Length: \((answer ?? "").utf8.count)\r\nConnection: close\r\n\r\n\(answer ?? "")"
            )
        }
    }

    func install(_ request: AcmeRequest.ID, _ identity: PEMIdentity, from origin: AcmeOrigin) async throws {
        state.change { $0.installed.append(Installed(id: request, identity: identity, origin: origin)) }
    }

    func setHTTPChallenge(token: String, answer: String?) async {
        state.change {
            $0.answers[token] = answer
            if answer == nil { $0.removed += 1 } else { $0.shown += 1 }
        }
    }

    func setTLSChallenge(name: String, identity: PEMIdentity?) async {
        state.change { if identity == nil { $0.removed += 1 } else { $0.shown += 1 } }
    }

    func report(_ request: AcmeRequest.ID, _ status: AcmeStatus) async {
        state.change {
            $0.status = status
            $0.statuses.append(status)
        }
    }

    /// Waits until a certificate of `origin` was installed for the `count`th time.
    func waitForInstall(_ origin: AcmeOrigin, count: Int = 1, _ limit: Duration = .seconds(60)) async throws
        -> Installed
    {
        let state = state
        let found = await offPool {
            state.wait(limit) { state -> Installed? in
                let matching = state.installed.filter { $0.origin == origin }
                return matching.count >= count ? matching[count - 1] : nil
            }
        }
        guard let found else {
            throw TestFailure(
                "no certificate (\(origin.rawValue)); last error: \(state.value.status?.lastError ?? "none")")
        }
        return found
    }
}

/// Runs what blocks on a thread of its own, so that those of Swift concurrency go on.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        _ = TestThread { continuation.resume(returning: body()) }
    }
}
