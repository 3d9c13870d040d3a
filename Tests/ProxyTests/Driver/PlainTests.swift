// What goes well, so that the helpers themselves are tested: counters, gauges and log lines agree.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct PlainTests {
    @Test func aRequestIsAnsweredByItsServer() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server))
        #expect(try proxy.answer().text == "ok")
        let lines = try proxy.end(server)
        let line = try #require(lines.first)
        #expect(lines.count == 1 && line.status == 200 && line.method == "GET" && line.target == "/")
        #expect(line.server == "127.0.0.1:\(server.port)" && line.upstream == "app")
        #expect(line.error == nil && line.side == nil && line.phase == nil && line.ttfbUs != nil)
        #expect(proxy.metrics.read(.requests) == 1 && proxy.metrics.read(.responses2xx) == 1)
        #expect(proxy.metrics.read(.requests, server: 0) == 1)
        #expect(proxy.metrics.read(.responses2xx, server: 0) == 1)
        #expect(UInt64(line.bytes) == proxy.metrics.read(.downstreamBytesOut))
    }

    @Test func manyRequestsShareConnections() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        for _ in 0..<10 {
            try client.send(Requests.get)
            #expect(try client.readResponse().status == 200)
        }
        #expect(proxy.metrics.read(.upstreamConnectionsOpened) == 1)
        #expect(proxy.metrics.read(.upstreamConnectionsReused) == 9)
        client.close()
        #expect(try proxy.end(server).count == 10)
    }

    /// Each request has an id of its own, which the server sees and the log shows.
    @Test func idsTellRequestsApart() throws {
        let ids = Monitor<[String]>([])
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                ids.change { $0.append(request["X-Request-ID"] ?? "") }
                try socket.send(Responses.ok)
            }
        }
        let proxy = try TestProxy(ProxySetup(server))
        for _ in 0..<20 { #expect(try proxy.answer().status == 200) }
        let logged = try proxy.end(server).map(\.requestId)
        #expect(logged == ids.value && Set(logged).count == 20)
        #expect(logged.allSatisfy { $0.count == 32 })
    }
}
