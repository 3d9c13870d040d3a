// An authority whose every answer is written in a test.
import Foundation
import MartletCertificates
import Synchronization

/// Answers requests as a closure says; the directory and the nonces are its own.
final class ScriptedAuthority: AcmeTransport {
    /// What to answer; `number` counts the signed messages from 0.
    typealias Script = @Sendable (_ request: AcmeHTTPRequest, _ number: Int) throws -> AcmeHTTPResponse

    static let directory = "https://ca.test/dir"
    private let script: Script
    private let state = Mutex<(messages: [AcmeHTTPRequest], nonces: Int)>(([], 0))

    init(_ script: @escaping Script) { self.script = script }

    /// All signed messages so far.
    var messages: [AcmeHTTPRequest] { state.withLock(\.messages) }
    /// How often a nonce was asked for.
    var nonceRequests: Int { state.withLock(\.nonces) }

    func send(_ request: AcmeHTTPRequest) async throws -> AcmeHTTPResponse {
        switch (request.method, request.url) {
        case (.get, Self.directory):
            return Self.json(
                """
                {"newNonce": "https://ca.test/nonce", "newAccount": "https://ca.test/account",
                "newOrder": "https://ca.test/order", "renewalInfo": "https://ca.test/info", "unknown": 1}
                """)
        case (.head, "https://ca.test/nonce"):
            let number = state.withLock { state in
                state.nonces += 1
                return state.nonces
            }
            return AcmeHTTPResponse(status: 200, fields: ["replay-nonce": "asked-\(number)"])
        default:
            let number = state.withLock { state in
                state.messages.append(request)
                return state.messages.count - 1
            }
            return try script(request, number)
        }
    }

    func close() async {}

    static func json(_ text: String, status: Int = 200, _ fields: [String: String] = [:]) -> AcmeHTTPResponse {
        AcmeHTTPResponse(status: status, fields: fields, body: Array(text.utf8))
    }

    static func problem(
        _ type: String, _ detail: String = "no", status: Int = 400, _ fields: [String: String] = [:]
    ) -> AcmeHTTPResponse {
        json(#"{"type": "urn:ietf:params:acme:error:\#(type)", "detail": "\#(detail)"}"#, status: status, fields)
    }
}

/// A clock that goes on only when somebody waits, and then at once.
final class LeapingClock: Sendable {
    private let state: Mutex<(now: Int64, sleeps: [Duration], limit: Int64)>

    /// - Parameter limit: who waits beyond it is cancelled.
    init(_ now: Int64, limit: Int64 = .max) { state = Mutex((now, [], limit)) }

    var now: Int64 { state.withLock(\.now) }
    var sleeps: [Duration] { state.withLock(\.sleeps) }

    var time: AcmeTime {
        AcmeTime(
            now: { self.now },
            sleep: { duration in
                await Task.yield()
                try self.state.withLock { state in
                    state.sleeps.append(duration)
                    let (seconds, rest) = duration.components
                    state.now += max(seconds, 0) + (rest > 0 ? 1 : 0)
                    if state.now > state.limit { throw CancellationError() }
                }
                try Task.checkCancellation()
            })
    }
}
