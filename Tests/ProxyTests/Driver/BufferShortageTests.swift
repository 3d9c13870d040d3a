// No memory for buffers is left: whoever comes is told so, and nothing is lost when there is some again.
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct BufferShortageTests {
    private static let limit = 256 << 10
    /// What a connection holds that has sent part of a head, as `begin` does: four pages.
    private static let held = 16 << 10

    private func setup(_ server: ScriptedServer) -> ProxySetup {
        ProxySetup(server).with {
            $0.settings.bufferBytes = Self.limit
            // Only the peers end what they hold, not a timer.
            $0.settings.requestHeadTime = 60_000
        }
    }

    /// Lets clients begin requests until no buffer to receive into is left. They hold what there is as long as they live.
    /// - Parameter base: the memory that has owners already.
    private func useUp(_ proxy: TestProxy, from base: Int = BufferPool.smallBytes) throws -> [TestSocket] {
        let begin = "GET / HTTP/1.1\r\nHost: test\r\nA: " + String(repeating: "x", count: 13_000)
        var clients: [TestSocket] = []
        var used = base
        while Self.limit - used >= Self.held {
            clients.append(try proxy.connect())
            try clients[clients.count - 1].send(begin)
            used += Self.held
            try proxy.wait("\(used) bytes to be kept") { $0.bufferBytes == used }
        }
        return clients
    }

    @Test func whoComesIsToldAndServedLater() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(setup(server))
        let holders = try useUp(proxy)
        let answer = try proxy.answer()
        #expect(answer.status == 503 && answer["Connection"] == "close" && answer["Retry-After"] == "1")
        #expect(proxy.metrics.read(.bufferWaits) == 1 && proxy.metrics.read(.errors503) == 1)
        for holder in holders { holder.reset() }
        try proxy.wait(for: .connectionsActive, 0)
        #expect(try proxy.answer().status == 200)
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == [503, 200] && lines[0].error == "no buffers left" && lines[0].side == "proxy")
    }

    /// Who has begun a request waits until another lets go.
    @Test func aBegunRequestWaitsForABuffer() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(setup(server))
        let holders = try useUp(proxy)
        try holders[0].send("\r\n\r\n")
        try proxy.wait(for: .bufferWaits, 1)
        #expect(server.connectionCount == 0)
        holders[1].reset()
        #expect(try holders[0].readResponse().status == 200)
        for holder in holders { holder.reset() }
        try proxy.end(server)
    }

    @Test func aResponseWaitsForABuffer() throws {
        let gate = Gate()
        let server = try ScriptedServer.answering(after: gate)
        let proxy = try TestProxy(setup(server))
        let client = try proxy.connect()
        try client.send(Requests.get)
        try proxy.wait("the request at the server") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        // Besides the reserve the exchange has its note for the log, and the request in case it has to be sent again.
        let holders = try useUp(proxy, from: 3 * BufferPool.smallBytes)
        gate.open()
        try proxy.wait(for: .bufferWaits, 1)
        holders[0].reset()
        #expect(try client.readResponse().text == "ok")
        for holder in holders { holder.reset() }
        client.close()
        try proxy.end(server)
    }

    /// There is the reserve for the answer, and nothing else: not even for the line in the log, which is counted.
    @Test func theReserveIsEnoughToSaySo() throws {
        let proxy = try TestProxy(
            ProxySetup.withoutServers.with { $0.settings.bufferBytes = BufferPool.smallBytes })
        for _ in 0..<5 { #expect(try proxy.answer().status == 503) }
        #expect(try proxy.end().count + Int(proxy.metrics.read(.logLinesDropped)) == 5)
        #expect(proxy.metrics.read(.errors503) == 5 && proxy.metrics.read(.bufferWaits) == 5)
    }

    /// Clients that go in peace give back what they hold, although there is no buffer to receive their end with.
    @Test func thoseWhoLeaveGiveBackWhatTheyHold() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(setup(server))
        let holders = try useUp(proxy)
        for holder in holders { holder.close() }
        try proxy.wait("the clients' ends to be seen") { _ in proxy.shared.current == 0 }
        #expect(try proxy.answer().status == 200)
        try proxy.end(server)
    }
}
