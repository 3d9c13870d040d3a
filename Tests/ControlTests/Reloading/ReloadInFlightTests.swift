import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletControl

/// What is going on when another config comes into force.
@Suite(.timeLimit(.minutes(20)), .oneAtATime) struct ReloadInFlightTests {
    private static let listener = "listeners: [{address: '127.0.0.1:0'}]\n"

    private static func config(_ routes: String, _ upstreams: String) -> String {
        listener + "routes: [\(routes)]\nupstreams: {\(upstreams)}\n"
    }

    /// Waits until a gauge says this.
    private static func wait(_ proxy: ReloadedProxy, _ gauge: Counter, _ value: UInt64) throws {
        let end = ContinuousClock.now + .seconds(600)
        while proxy.server.snapshot[gauge] != value {
            if ContinuousClock.now > end { throw TestFailure("\(gauge) never was \(value)") }
        }
    }

    /// Nothing is left of it.
    private static func end(_ proxy: ReloadedProxy) async throws {
        for gauge in [Counter.exchangesActive, .exchangesWaiting, .exchangesSuspended, .mirrorsActive, .tunnelsActive] {
            try wait(proxy, gauge, 0)
        }
        await proxy.end()
    }

    @Test func whoWaitsGoesOnWaitingWhereItsUpstreamStays() async throws {
        let gate = Monitor(false)
        let a = try ScriptedServer.named("a", gate)
        let upstream = "a: {servers: [{address: '\(a.address)', maxInFlight: 1}], queue: {saturatedTimeout: 10m}}"
        let proxy = try ReloadedProxy(Self.config("{upstream: a}", upstream), workers: 1)
        let (first, second) = (try proxy.connect(), try proxy.connect())
        try first.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(a.waitForConnections(1))
        try second.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        try Self.wait(proxy, .exchangesWaiting, 1)
        try await proxy.reload(Self.config("{upstream: b}", upstream + ", b: {servers: ['127.0.0.1:1']}"))
        #expect(proxy.server.snapshot[.exchangesWaiting] == 1)
        gate.change { $0 = true }
        #expect(try first.readResponse().text == "a")
        #expect(try second.readResponse().text == "a")
        for client in [first, second] { client.close() }
        try await Self.end(proxy)
    }

    @Test func whoWaitsForAnUpstreamThatGoesIsToldSo() async throws {
        let gate = Monitor(false)
        let a = try ScriptedServer.named("a", gate)
        let upstream = "a: {servers: [{address: '\(a.address)', maxInFlight: 1}], queue: {saturatedTimeout: 10m}}"
        let proxy = try ReloadedProxy(Self.config("{upstream: a}", upstream), workers: 1)
        let (first, second) = (try proxy.connect(), try proxy.connect())
        try first.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(a.waitForConnections(1))
        try second.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        try Self.wait(proxy, .exchangesWaiting, 1)
        try await proxy.reload(Self.config("{respond: {status: 204}}", ""))
        #expect(try second.readResponse().status == 503)
        #expect(try second.get().status == 204)
        gate.change { $0 = true }
        #expect(try first.readResponse().text == "a")
        for client in [first, second] { client.close() }
        try await Self.end(proxy)
    }

    @Test func contentGoesOnBeingReplaced() async throws {
        let gate = Monitor(false)
        let a = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
                try socket.send(head + "9\r\none cat, \r\n")
                _ = gate.wait { $0 ? true : nil }
                try socket.send("8\r\ntwo cats\r\n0\r\n\r\n")
            }
        }
        let upstream = "a: {servers: ['\(a.address)']}"
        let replacing = "{upstream: a, responseBody: {replace: [{from: cat, to: dog}], types: [text/html]}}"
        let proxy = try ReloadedProxy(Self.config(replacing, upstream))
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        let begun = try client.receive(until: "one dog")
        #expect(begun.contains("200 OK"))
        // Other replacements come first, so that the place of these is another one.
        let others = "{path: /x, upstream: a, responseBody: {replace: [{from: dog, to: cow}, {from: two, to: 2}]}}"
        try await proxy.reload(Self.config(others + ", {upstream: a}", upstream))
        gate.change { $0 = true }
        let rest = try client.receive(until: "0\r\n\r\n")
        #expect(rest.contains("two dogs"))
        client.close()
        try await Self.end(proxy)
    }

    @Test func whoIsAskedAboutGoesOnWithTheOldAnswer() async throws {
        let gate = Monitor(false)
        let service = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                _ = gate.wait { $0 ? true : nil }
                try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let a = try ScriptedServer.named("a")
        let upstream = "a: {servers: ['\(a.address)']}"
        let asking = "{upstream: a, auth: {forward: {url: 'http://\(service.address)/', timeout: 1m}}}"
        let proxy = try ReloadedProxy("timeouts: {admission: 10m}\n" + Self.config(asking, upstream))
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        try Self.wait(proxy, .exchangesSuspended, 1)
        try await proxy.reload("timeouts: {admission: 10m}\n" + Self.config("{respond: {status: 204}}", upstream))
        gate.change { $0 = true }
        #expect(try client.readResponse().text == "a")
        #expect(try client.get().status == 204)
        client.close()
        try await Self.end(proxy)
    }

    @Test func aCopyOnItsWayIsCountedToItsEnd() async throws {
        let gate = Monitor(false)
        let (a, shadow) = (try ScriptedServer.named("a"), try ScriptedServer.named("s", gate))
        let upstreams = "a: {servers: ['\(a.address)']}, s: {servers: ['\(shadow.address)']}"
        let proxy = try ReloadedProxy(Self.config("{upstream: a, mirror: s}", upstreams))
        let client = try proxy.connect()
        #expect(try client.get("/slow").text == "a")
        #expect(shadow.waitForConnections(1))
        try await proxy.reload(Self.config("{upstream: a}", "a: {servers: ['\(a.address)']}"))
        #expect(proxy.server.snapshot[.mirrorsActive] == 1)
        gate.change { $0 = true }
        try Self.wait(proxy, .mirrorsActive, 0)
        #expect(proxy.server.snapshot[.mirrorsAnswered] == 1)
        client.close()
        try await Self.end(proxy)
    }

    @Test func aWebSocketLivesOnWhateverGoes() async throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            try WebSocket.accept(request, on: socket).echo()
        }
        let routes = "routes: [{upstream: a}]\nupstreams: {a: {servers: ['\(server.address)'], drainTimeout: off}}\n"
        let proxy = try ReloadedProxy(
            "listeners: [{address: '127.0.0.1:0'}, {address: '127.0.0.1:0', name: two}]\n" + routes)
        let client = try proxy.connect(1)
        let webSocket = try WebSocket.open(client, "/chat")
        try webSocket.send(.text("one"))
        #expect(try webSocket.receiveText() == "one")
        let note = try await proxy.reload(Self.listener + "routes: [{respond: {status: 204}}]\n")
        #expect(note.draining == ["listener two", "upstream a", "server a/\(server.address)"])
        for text in ["two", "three"] {
            try await proxy.reload(
                Self.listener + "routes: [{respond: {status: 204}}, {path: /\(text), respond: {}}]\n")
            try webSocket.send(.text(text))
            #expect(try webSocket.receiveText() == text)
        }
        // It is still at its server, so nobody else gets that place.
        #expect(proxy.server.model.slots.servers.retired == [0])
        try webSocket.send(.close(1000))
        #expect(try webSocket.receive() == .close(1000))
        client.close()
        try Self.wait(proxy, .tunnelsActive, 0)
        try Self.wait(proxy, .upstreamConnectionsActive, 0)
        try await proxy.reload(Self.listener + "routes: [{respond: {status: 205}}]\n")
        #expect(proxy.server.model.slots.servers.count == 0)
        try await Self.end(proxy)
    }

    @Test func whoHasTheTimeOfADrainIsCutAfterIt() async throws {
        let gate = Monitor(false)
        let a = try ScriptedServer.named("a", gate)
        let proxy = try ReloadedProxy(
            Self.config("{upstream: a}", "a: {servers: ['\(a.address)'], drainTimeout: 100ms, retry: off}"))
        let client = try proxy.connect()
        try client.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(a.waitForConnections(1))
        try Self.wait(proxy, .exchangesActive, 1)
        try await proxy.reload(Self.config("{respond: {status: 204}}", ""))
        #expect(try client.readResponse().status == 503)
        gate.change { $0 = true }
        client.close()
        try await Self.end(proxy)
    }

    @Test func aServerThatComesBackHasItsPlaceAgain() async throws {
        let gate = Monitor(false)
        let (a, b) = (try ScriptedServer.named("a", gate), try ScriptedServer.named("b"))
        let both = "u: {servers: ['\(a.address)', '\(b.address)'], balance: first}"
        let proxy = try ReloadedProxy(Self.config("{upstream: u}", both))
        let client = try proxy.connect()
        try client.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(a.waitForConnections(1))
        try await proxy.reload(Self.config("{upstream: u}", "u: {servers: ['\(b.address)']}"))
        #expect(try proxy.get().text == "b")
        try await proxy.reload(Self.config("{upstream: u}", both))
        #expect(proxy.server.model.upstreams[0].servers == [0, 1])
        #expect(try proxy.get().text == "a")
        gate.change { $0 = true }
        #expect(try client.readResponse().text == "a")
        client.close()
        try await Self.end(proxy)
    }
}
