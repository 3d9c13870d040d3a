// sticky: a cookie leads clients back.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct StickyTests {
    private static let secret = String(repeating: "0123456789abcdef", count: 4)

    /// The cookie that a response sets: its pair, and its attributes.
    private func cookie(_ answer: HTTPResponse) throws -> (pair: String, attributes: [String]) {
        guard let field = answer["Set-Cookie"] else { throw TestFailure("no cookie in \(answer.fields)") }
        let parts = field.split(separator: "; ").map(String.init)
        return (parts[0], Array(parts.dropFirst()))
    }

    @Test func aCookieLeadsBackToItsServer() throws {
        let fleet = try Fleet(3)
        let config = Configs.balanced(fleet.addresses, workers: 2, ["balance: random", "sticky: {}"])
        try withBalanced(config) { martlet in
            for _ in 0..<5 {
                let answer = try martlet.request("GET /")
                let pair = try cookie(answer).pair
                #expect(try cookie(answer).attributes == ["Path=/", "HttpOnly", "SameSite=Lax"])
                #expect(pair.hasPrefix("martlet=") && !pair.contains("127.0.0.1"))
                for _ in 0..<5 {
                    let next = try martlet.request("GET /", ["Cookie: a=b; \(pair); c=d"])
                    // It is not set again as long as nothing changes.
                    #expect(next.text == answer.text && next["Set-Cookie"] == nil)
                }
            }
        }
    }

    @Test(arguments: [
        ("cookie: app_server", "app_server=", ["Path=/", "HttpOnly", "SameSite=Lax"]),
        ("ttl: 90s", "martlet=", ["Path=/", "Max-Age=90", "HttpOnly", "SameSite=Lax"]),
        ("ttl: session", "martlet=", ["Path=/", "HttpOnly", "SameSite=Lax"]),
        ("path: /app", "martlet=", ["Path=/app", "HttpOnly", "SameSite=Lax"]),
        ("domain: example.com", "martlet=", ["Path=/", "Domain=example.com", "HttpOnly", "SameSite=Lax"]),
        ("secure: true", "martlet=", ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]),
        ("httpOnly: false", "martlet=", ["Path=/", "SameSite=Lax"]),
        ("sameSite: strict", "martlet=", ["Path=/", "HttpOnly", "SameSite=Strict"]),
        ("sameSite: none, secure: true", "martlet=", ["Path=/", "HttpOnly", "SameSite=None", "Secure"]),
    ])
    func attributesAreWhatTheConfigSays(sticky: String, name: String, attributes: [String]) throws {
        let fleet = try Fleet(2)
        try withBalanced(Configs.balanced(fleet.addresses, ["sticky: {\(sticky)}"])) { martlet in
            let answer = try martlet.request("GET /")
            let cookie = try cookie(answer)
            #expect(cookie.pair.hasPrefix(name) && cookie.attributes == attributes)
            let again = try martlet.request("GET /", ["Cookie: \(cookie.pair)"])
            #expect(again.text == answer.text && again["Set-Cookie"] == nil)
        }
    }

    @Test func proxiesWithTheSameSecretHaveTheSameCookies() throws {
        let fleet = try Fleet(3)
        let lines = ["balance: random", "sticky: {secret: \(Self.secret)}"]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let answer = try martlet.request("GET /")
            let pair = try cookie(answer).pair
            try withBalanced(Configs.balanced(fleet.addresses.reversed(), lines)) { other in
                let tally = try other.tally(20, "GET /", ["Cookie: \(pair)"])
                #expect(tally == [answer.text: 20])
            }
            // Without a secret each start has one of its own.
            try withBalanced(Configs.balanced(fleet.addresses, ["sticky: {}"])) { other throws in
                #expect(try other.request("GET /", ["Cookie: \(pair)"])["Set-Cookie"] != nil)
            }
        }
    }

    @Test(arguments: [
        "martlet=AAAAAAAAAAAAAAAAAAAAAA", "martlet=", "martlet=127.0.0.1:1", "martlet=\u{1}", "martlet=%00",
    ])
    func aForgedCookieIsPassedOver(forged: String) throws {
        let fleet = try Fleet(3)
        let config = Configs.balanced(fleet.addresses, ["balance: round-robin", "sticky: {secret: \(Self.secret)}"])
        try withBalanced(config) { martlet in
            let answers = try (0..<3).map { _ in try martlet.request("GET /", ["Cookie: \(forged)"]) }
            if forged.contains("\u{1}") { return #expect(answers.allSatisfy { $0.status == 400 }) }
            #expect(Set(answers.map(\.text)) == ["0", "1", "2"])
            #expect(answers.allSatisfy { $0["Set-Cookie"] != nil })
        }
    }

    @Test(arguments: ["drain", "maintenance"])
    func whoseServerIsGoneGetsAnotherOneAndItsCookie(order: String) throws {
        let fleet = try Fleet(2)
        try withBalanced(Configs.balanced(fleet.addresses, ["sticky: {}"])) { martlet in
            let first = try martlet.request("GET /")
            let old = try cookie(first).pair
            guard let server = Int(first.text) else { throw TestFailure(first.text) }
            try martlet.order(fleet.addresses[server], order)
            let second = try martlet.request("GET /", ["Cookie: \(old)"])
            let new = try cookie(second).pair
            #expect(second.text == "\(1 - server)" && new != old)
            try martlet.order(fleet.addresses[server], "up")
            #expect(try martlet.request("GET /", ["Cookie: \(new)"]).text == second.text)
            #expect(try martlet.request("GET /", ["Cookie: \(old)"]).text == first.text)
        }
    }

    /// The server cannot be reached, and nobody knows yet.
    @Test func aDeadServersClientsGoToAnotherOne() throws {
        let fleet = try Fleet(2)
        try withBalanced(Configs.balanced(fleet.addresses, ["sticky: {}"])) { martlet in
            let first = try martlet.request("GET /")
            guard let server = Int(first.text) else { throw TestFailure(first.text) }
            fleet.origins[server].server.stop()
            let second = try martlet.request("GET /", ["Cookie: \(try cookie(first).pair)"])
            #expect(second.text == "\(1 - server)")
            #expect(try cookie(second).pair != cookie(first).pair)
        }
    }

    @Test func aServersOwnCookiesAreLeftAlone() throws {
        let fleet = try Fleet(1) { _, _ in response(200, "0", ["Set-Cookie: a=b", "Set-Cookie: c=d"]) }
        try withBalanced(Configs.balanced(fleet.addresses, ["sticky: {}"])) { martlet in
            let cookies = try martlet.request("GET /").values("Set-Cookie")
            #expect(cookies.count == 3 && cookies.contains("a=b") && cookies.contains("c=d"))
        }
    }
}
