// Clients that have to show that they are browsers.
//
//   request ──▶ rule with `challenge` ──▶ a cookie with a solution? ── yes ──▶ the next rule
//                                               │ no
//                  cookie, the same again ◀── page with a puzzle, 403; without HTML, 403 alone
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Why the client of the request in `request` has to show first that it is a browser; `nil` if it has.
    mutating func challenge(_ exchange: UInt32, _ arena: Span<UInt8>) -> FailureKind? {
        // Browsers ask so without cookies; what they ask for afterwards comes with them.
        if exchanges[exchange].flags.contains(.isPreflight) { return nil }
        guard let challenge = model.guarding.challenge else { return .challenged }
        let client = challengedClient(exchange, arena)
        var fault = ChallengeFault.missing
        for solution in solutions(challenge.cookie, arena) {
            guard let found = challenge.challenger.fault(of: solution, from: client) else {
                metrics.add(.challengesPassed)
                return nil
            }
            fault = found
        }
        if fault == .missing, challenge.challenger.fault(of: nil, from: client) == nil { return nil }
        if fault != .missing { metrics.add(.challengesFailed) }
        exchanges[exchange].detail = fault.reason
        if exchanges[exchange].errorFormat == .html && !exchanges[exchange].flags.contains(.isCall) {
            let page = page(challenge, challenge.challenger.puzzle(for: client), exchange)
            exchanges[exchange].answer = LocalContent(bytes: page)
            metrics.add(.challengesIssued)
        } else {
            // Whoever asks so is a program, or a script of a page.
            exchanges[exchange].errorFormat = .json
        }
        return .challenged
    }

    private func challengedClient(_ exchange: UInt32, _ arena: Span<UInt8>) -> ChallengedClient {
        var client = ChallengedClient()
        let source = clients[exchanges[exchange].client].source
        if !source.isLocal { (client.high, client.low) = (source.high, source.low) }
        for index in 0..<request.fields.count
        where ByteScan.equals(arena.extracting(request.fields[index].name), lowercase: "user-agent") {
            client.userAgent = Self.bytes(arena.extracting(request.fields[index].value))
            break
        }
        return client
    }

    /// What cookies of that name say; in HTTP/2 each may have a line of its own.
    private func solutions(_ cookie: String, _ arena: Span<UInt8>) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for index in 0..<request.fields.count where request.fields[index].known == .cookie {
            let field = arena.extracting(request.fields[index].value)
            if let range = NamedValue.cookie(cookie.utf8.span, in: field) {
                found.append(Self.bytes(field.extracting(range)))
            }
            // Nobody has so many; each has to be looked at.
            if found.count == Self.solutionLimit { break }
        }
        return found
    }

    /// The most cookies of a request that are looked at.
    private static var solutionLimit: Int { 4 }

    // MARK: The page

    private mutating func page(_ challenge: ChallengeModel, _ puzzle: [UInt8], _ exchange: UInt32) -> [UInt8] {
        tail.removeAll()
        writeIDToTail(exchange)
        return challenge.front + puzzle + challenge.middle + Self.bytes(tail.bytes) + challenge.end
    }

    /// Sends the page that was made; `false` if the client gets none. It has none of the route's fields: a policy for the route's
    /// pages might keep its script from running.
    mutating func sendChallengePage(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        guard let page = exchanges[exchange].answer?.bytes, let challenge = model.guarding.challenge else {
            return false
        }
        exchanges[exchange].answer = nil
        writer.removeAll()
        writer.statusLine(FailureKind.challenged.status)
        writer.write("Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n")
        writer.write(challenge.lines.span)
        endOwnHead(exchange, contentLength: page.count)
        sendOwn(exchanges[exchange].method == .head ? [] : page, exchange, on: &loop)
        return true
    }
}
