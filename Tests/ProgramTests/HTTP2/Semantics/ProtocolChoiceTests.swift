// Which version is spoken on a connection, and who says so.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ProtocolChoiceTests {
    private static let off = ["name: clear\n", "name: tls\n"]

    /// A config in which HTTP/2 is off.
    private static func without(_ config: String) -> String {
        off.reduce(config) { $0.replacing($1, with: $1 + "    http2: off\n") }
    }

    /// What is chosen of what is offered in ALPN; `nil` if the handshake fails.
    private static func chosen(_ martlet: RunningMartlet, _ offered: String?) throws -> String? {
        let said = try martlet.opensslClient(offered.map { ["-alpn", $0] } ?? [])
        if said.contains("No ALPN negotiated") { return said.contains("no application protocol") ? nil : "" }
        return said.firstMatch(of: /ALPN protocol: (\S+)/).map { String($0.output.1) }
    }

    @Test func clientsChooseByALPN() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet throws in
            for (offered, result) in [("h2", "h2"), ("http/1.1", "http/1.1"), ("http/1.1,h2", "h2"), ("x,h2", "h2")] {
                #expect(try Self.chosen(martlet, offered) == result, "\(offered)")
            }
            #expect(try Self.chosen(martlet, "x") == nil)
            #expect(try Self.chosen(martlet, nil) == "")
        }
        try withMartlet(Self.without(stage.config())) { martlet throws in
            #expect(try Self.chosen(martlet, "h2,http/1.1") == "http/1.1")
            #expect(try Self.chosen(martlet, "h2") == nil)
        }
    }

    @Test func priorKnowledgeIsUnderstoodUnlessItIsOff() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            #expect(try FrameClient.ready(try martlet.frames()).get(1, "/2").text == "/2")
            #expect(try martlet.connect(to: "clear").exchange("GET /1").text == "/1")
            try martlet.waitForMetric("martlet_http2_prior_knowledge_total", 1)
            try martlet.waitForMetric("martlet_http2_connections_total", 1)
            try martlet.waitForMetric("martlet_http2_connections_active", 0)
        }
        try withMartlet(Self.without(stage.config())) { martlet in
            let socket = try martlet.connect(to: "clear")
            try socket.send(FrameClient.preface + WireFrame.settings([]).bytes)
            let answer = try socket.readResponse()
            #expect(answer.status == 505 || answer.status == 400)
            #expect(try socket.receiveUntilGone().bytes == [])
        }
    }

    /// What was chosen by ALPN is what must come.
    @Test func theChoiceHolds() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet in
            let server = try martlet.frames(true)
            let old = try FrameClient(server)
            old.send(Array(requestText("GET /evil").utf8))
            try old.expect(.connectionError([.protocolError]))
            let new = try FrameClient(server, protocols: "http/1.1")
            new.send(FrameClient.preface + WireFrame.settings([]).bytes + new.get().bytes)
            let answer = try new.socket.readResponse()
            #expect(answer.status == 505 || answer.status == 400)
            #expect(stage.origin.requests == [])
        }
    }

    /// The preface is told from HTTP/1 by its bytes, however they come; what only begins like it is HTTP/1.
    @Test func whatLooksLikeThePreface() throws {
        let stage = try FrameStage { response(200, "\($0.method) \($0.target)") }
        try withMartlet(stage.config()) { martlet in
            for method in ["P", "PR", "PRIX", "PRINT", "PROPFIND", "PUT"] {
                let socket = try martlet.connect(to: "clear")
                let text = requestText("\(method) /x")
                for byte in text.utf8 { try socket.send([byte]) }
                #expect(try socket.readResponse().text == "\(method) /x")
            }
            for text in [
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "PRI * HTTP/2.0\r\nHost: a\r\n\r\n", "PRI * HTTP/1.1\r\n\r\n",
            ] {
                let socket = try martlet.connect(to: "clear")
                try socket.send(text)
                _ = try socket.receiveUntilGone()
            }
            #expect(stage.origin.requests.count == 6)
        }
    }
}
