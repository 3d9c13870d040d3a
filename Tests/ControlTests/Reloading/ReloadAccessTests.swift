import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletControl

/// Who is let in, while the config changes.
@Suite(.timeLimit(.minutes(20)), .oneAtATime) struct ReloadAccessTests {
    private static func config(_ routes: String, _ more: String = "") -> String {
        "listeners: [{address: '127.0.0.1:0'}]\nroutes: [\(routes)]\nupstreams: {}\n"
            + "timeouts: {admission: 10m}\n" + more
    }

    private static func wait(_ proxy: ReloadedProxy, _ gauge: Counter, _ value: UInt64) throws {
        let end = ContinuousClock.now + .seconds(600)
        while proxy.server.snapshot[gauge] != value {
            if ContinuousClock.now > end { throw TestFailure("\(gauge) never was \(value)") }
        }
    }

    /// The answer that a client gets who has to wait for it is that of the config by which it has asked.
    @Test func anAnswerThatWaitsIsTheOldOne() async throws {
        let gate = Monitor(false)
        let service = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                _ = gate.wait { $0 ? true : nil }
                try socket.send("HTTP/1.1 200 OK\r\nSet-Cookie: seen=1\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let forward = "{forward: {url: 'http://\(service.address)/', timeout: 1m}}"
        let keys = "{apiKeys: {file: FOLDER/keys}}"
        let folder = try TestFolder()
        try folder.write("a:" + String(repeating: "0", count: 64) + "\n", to: "keys")
        let routes = [
            "{path: /one, respond: {body: one}}, {path: /text, respond: {body: old}, auth: \(forward)}",
            "{path: /go, redirect: '/old', auth: {any: [\(keys), \(forward)]}}",
        ].joined(separator: ", ").replacing("FOLDER", with: folder.path)
        let proxy = try ReloadedProxy(Self.config(routes), workers: 1)
        let (text, redirect) = (try proxy.connect(), try proxy.connect())
        try text.send("GET /text HTTP/1.1\r\nHost: test\r\n\r\n")
        try redirect.send("GET /go HTTP/1.1\r\nHost: test\r\n\r\n")
        try Self.wait(proxy, .exchangesSuspended, 2)
        try await proxy.reload(Self.config("{path: /text, respond: {body: new}}"))
        try await proxy.reload(
            Self.config("{path: /text, respond: {body: newer}}, {path: /go, respond: {status: 204}}"))
        gate.change { $0 = true }
        let answer = try text.readResponse()
        #expect(answer.status == 200 && answer.text == "old" && answer["Set-Cookie"] == "seen=1")
        let led = try redirect.readResponse()
        #expect(led.status == 302 && led["Location"] == "/old" && led["Set-Cookie"] == "seen=1")
        #expect(try text.get("/text").text == "newer" && redirect.get("/go").status == 204)
        for client in [text, redirect] { client.close() }
        try Self.wait(proxy, .exchangesActive, 0)
        await proxy.end()
    }

    private static func solution(of page: HTTPResponse) throws -> String {
        let match = try #require(page.text.firstMatch(of: /data-puzzle="([^"]+)"/))
        let puzzle = String(match.output.1)
        let bits = try #require(Int(puzzle.split(separator: ".")[1]))
        var number = 0
        while SHA256.zeroBits(SHA256.digest(of: Array("\(puzzle).\(number)".utf8))) < bits { number += 1 }
        return "\(puzzle).\(number)"
    }

    private static func ask(_ proxy: ReloadedProxy, _ solution: String = "") throws -> HTTPResponse {
        let client = try proxy.connect()
        defer { client.close() }
        let lines = ["GET / HTTP/1.1", "Host: test", "Accept: text/html", "Cookie: martlet_pass=\(solution)"]
        try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try client.readResponse()
    }

    /// Browsers are not asked again because something has changed, unless it is what they are asked for.
    @Test func browsersAreAskedByTheConfigInForce() async throws {
        func config(_ challenge: String, _ access: String = "[{action: challenge}]", _ body: String = "a") -> String {
            Self.config("{respond: {body: \(body)}}", "access: \(access)\nchallenge: {\(challenge)}\n")
        }
        let proxy = try ReloadedProxy(config("difficulty: 4"), workers: 1)
        let good = try Self.solution(of: try Self.ask(proxy))
        #expect(try Self.ask(proxy, good).text == "a")
        try await proxy.reload(config("difficulty: 4, passFor: 1h", "[{action: log}, {action: challenge}]", "b"))
        #expect(try Self.ask(proxy, good).text == "b")
        try await proxy.reload(config("difficulty: 5"))
        #expect(try Self.ask(proxy, good).status == 403)
        let better = try Self.solution(of: try Self.ask(proxy))
        #expect(better.split(separator: ".")[1] == "5")
        #expect(try Self.ask(proxy, better).status == 200)
        try await proxy.reload(config("difficulty: 5, cookie: other"))
        #expect(try Self.ask(proxy, better).status == 403)
        try await proxy.reload(Self.config("{respond: {body: c}}"))
        #expect(try Self.ask(proxy).text == "c")
        await proxy.end()
    }
}
