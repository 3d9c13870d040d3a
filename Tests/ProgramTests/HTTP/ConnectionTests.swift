// One client connection and many requests (RFC 9112 section 9).
import Foundation
import MartletTestSupport
import Testing

@Suite struct ConnectionTests {
    @Test func aConnectionServesManyRequests() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for number in 0..<100 { #expect(try client.exchange("GET /\(number)").text == "/\(number)") }
            #expect(origin.server.connectionCount == 1)
            #expect(try martlet.metrics["martlet_connections_accepted_total"] == 2)
        }
    }

    @Test func theConnectionEndsWhenTheClientWantsIt() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let answer = try client.exchange("GET /", ["Connection: close"])
            #expect(answer["Connection"] == "close")
            #expect(try client.receiveUntilEnd() == [])
            // The server's connection is another matter.
            #expect(try martlet.request("GET /").status == 200)
            #expect(origin.server.connectionCount == 1)
        }
    }

    @Test func theServersCloseIsNotTheClients() throws {
        let origin = try Origin { response(200, $0.target, ["Connection: close"]) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for number in 0..<3 {
                let answer = try client.exchange("GET /\(number)")
                #expect(answer.text == "/\(number)")
                #expect(answer["Connection"] == nil)
            }
            #expect(origin.server.connectionCount == 3)
        }
    }

    @Test func requestsPerConnectionIsALimit() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "limits: {requestsPerConnection: 2}")) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /")["Connection"] == nil)
            #expect(try client.exchange("GET /")["Connection"] == "close")
            #expect(try client.receiveUntilEnd() == [])
        }
    }

    @Test func anIdleConnectionEndsByItself() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "timeouts: {idle: 50ms}")) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /").status == 200)
            #expect(try client.receiveUntilEnd() == [])
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"idle\"}", 1)
        }
    }

    @Test func theClientsHalfCloseAfterARequestDoesNotLoseTheAnswer() throws {
        let origin = try Origin { response(200, "you said " + $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("POST /", content: "bye"))
            client.shutdownSend()
            #expect(try client.readResponse().text == "you said bye")
            #expect(try client.receiveUntilEnd() == [])
        }
    }

    @Test func oneByteAtATimeIsSlowButFine() throws {
        let origin = try Origin { response(200, $0.target + $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let text =
                requestText("POST /a", ["X-Long: " + String(repeating: "x", count: 300)], content: "hello")
                + requestText("PUT /b", ["Transfer-Encoding: chunked"]) + "3\r\nabc\r\n2;x\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
            for byte in text.utf8 { try client.send([byte]) }
            #expect(try client.readResponse().text == "/ahello")
            #expect(try client.readResponse().text == "/babcde")
            #expect(try origin.lastRequest.trailers == [HTTPField("X-T", "1")])
        }
    }

    @Test func emptyLinesBeforeARequestAreSkipped() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send("\r\n" + requestText("GET /1") + "\r\n\r\n" + requestText("GET /2"))
            #expect(try client.readResponse().text == "/1")
            #expect(try client.readResponse().text == "/2")
        }
    }
}
