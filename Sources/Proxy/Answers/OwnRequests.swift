// Requests that Martlet answers itself on clients' listeners: redirects to https, and questions of ACME servers.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The answer to the request in `request`, if it is ours to give.
    func ownAnswer(_ client: UInt32, _ arena: Span<UInt8>) -> OwnAnswer? {
        if !challenges.isEmpty, let answer = challengeAnswer(arena) { return .challenge(answer) }
        if clients[client].flags.contains(.isRedirect) { return redirect(client, arena) }
        return nil
    }

    private func challengeAnswer(_ arena: Span<UInt8>) -> LocalAnswer? {
        let prefix = HTTPChallenges.prefix
        if Int(request.path.count) <= prefix.utf8.count || Int(request.path.count) > 512 { return nil }
        let path = String(copying: arena.extracting(request.path))
        if !path.hasPrefix(prefix) { return nil }
        guard let answer = challenges.answer(String(path.dropFirst(prefix.utf8.count))) else { return nil }
        return LocalAnswer(status: 200, contentType: "application/octet-stream", content: Array(answer.utf8))
    }

    /// To the same address by https. The status keeps the method (RFC 9110 section 15.4.9).
    private func redirect(_ client: UInt32, _ arena: Span<UInt8>) -> OwnAnswer {
        let port = listeners[Int(clients[client].listener)].redirectPort ?? 443
        let authority = String(copying: arena.extracting(request.authority))
        let host = Self.host(of: authority)
        if host.isEmpty { return .refusal }
        var location = port == 443 ? "https://\(host)" : "https://\(host):\(port)"
        location += request.form == .asterisk ? "/" : String(copying: arena.extracting(request.path))
        if request.query.count > 0 { location += "?" + String(copying: arena.extracting(request.query)) }
        var answer = LocalAnswer(
            status: 308, contentType: "text/plain; charset=utf-8", content: Array("See \(location)\n".utf8))
        answer.location = location
        return .redirect(answer)
    }

    /// An authority without its port.
    static func host(of authority: String) -> String {
        guard let colon = authority.utf8.lastIndex(of: 0x3A), authority.utf8.last != 0x5D else { return authority }
        return String(authority[..<colon])
    }

    /// Sends an answer that is ours.
    mutating func send(_ own: OwnAnswer, _ exchange: UInt32, on loop: inout EventLoop) {
        switch own {
        case .challenge(let answer):
            metrics.add(.challengesAnswered)
            self.answer(exchange, with: answer, on: &loop)
        case .redirect(let answer):
            metrics.add(.redirectsToTLS)
            self.answer(exchange, with: answer, on: &loop)
        case .refusal: fail(exchange, .noRoute, on: &loop)
        }
    }
}

/// What Martlet says itself.
enum OwnAnswer {
    case challenge(LocalAnswer)
    case redirect(LocalAnswer)
    /// There is nowhere to redirect to: the request names no host.
    case refusal
}
