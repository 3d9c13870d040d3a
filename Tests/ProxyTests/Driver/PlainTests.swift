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

/// The other format of the log, as httpd and Apache write it.
@Suite struct CombinedLogTests {
    @Test func linesAreAsOthersReadThem() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).with { $0.format = .combined })
        let client = try proxy.connect()
        try client.send("GET /a?b HTTP/1.1\r\nHost: test\r\nReferer: http://x/\r\nUser-Agent: a \"b\"\r\n\r\n")
        #expect(try client.readResponse().status == 200)
        try client.send("GARBAGE\r\n\r\n")
        #expect(try client.readResponse().status == 400)
        client.close()
        try proxy.log.wait(for: 2)
        let time = #/\[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000\]/#
        let lines = proxy.log.lines.map { $0.replacing(time, with: "[T]").replacing(#/ 400 \d+ /#, with: " 400 N ") }
        let sent = proxy.log.lines[0].split(separator: " 200 ")[1].prefix { $0 != " " }
        #expect(lines[0] == "127.0.0.1 - - [T] \"GET /a?b HTTP/1.1\" 200 \(sent) \"http://x/\" \"a \\x22b\\x22\"")
        #expect(lines[1] == "127.0.0.1 - - [T] \"-\" 400 N \"-\" \"-\"")
    }
}
