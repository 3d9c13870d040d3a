// Content that goes on and on, in all pairs of protocols: each piece arrives before the next is sent, or it never arrives.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct StreamingMixTests {
    private static let pieces = (0..<20).map { "data: \($0)\n\n" }

    /// Sends events on a connection, the next one when the client has the one before.
    private static func send(_ seen: Monitor<Int>, _ sendPiece: (String, _ isLast: Bool) throws -> Void) rethrows {
        for (number, piece) in pieces.enumerated() {
            guard seen.wait(for: { $0 == number ? true : nil }) == true else { return }
            try sendPiece(piece, number == pieces.count - 1)
        }
    }

    /// A server of events, or of the late answer to a long poll.
    private func events(_ mix: Mix, _ seen: Monitor<Int>) throws -> ScriptedServer {
        if mix.serverTwo {
            return try .frames { peer, _ in
                _ = try peer.request(on: 1)
                peer.send(FrameClient.answer(1, 200, [HTTPField("content-type", "text/event-stream")]))
                Self.send(seen) { piece, isLast in peer.send(.data(1, piece, isLast ? .endStream : [])) }
                try peer.untilGone()
            }
        }
        return try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try Self.send(seen) { piece, isLast in
                try socket.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n" + (isLast ? "0\r\n\r\n" : ""))
            }
            _ = try socket.receiveUntilGone()
        }
    }

    @Test(arguments: Mix.all) func eachEventComesAtOnce(mix: Mix) throws {
        // The head comes before there is any content: only then is the first event sent.
        let seen = Monitor(-1)
        try mix.run(try events(mix, seen)) { martlet throws in
            if mix.clientTwo {
                let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
                client.send(.headers(1, client.server.block("GET", "/events")))
                #expect(try client.head(on: 1).status == 200)
                for number in Self.pieces.indices {
                    seen.change { $0 = number }
                    let count = Self.pieces[...number].joined().utf8.count
                    try client.takeIn(until: "event \(number)") { client.count(on: 1) == count }
                }
                #expect(try client.response(on: 1).text == Self.pieces.joined())
            } else {
                let client = try martlet.connect()
                try client.send(requestText("GET /events"))
                _ = try client.receive(until: "\r\n\r\n")
                for (number, piece) in Self.pieces.enumerated() {
                    seen.change { $0 = number }
                    #expect(try client.receive(until: "\n\n\r\n").hasSuffix("\r\n\(piece)\r\n"))
                }
                #expect(try client.receive(until: "0\r\n\r\n") == "0\r\n\r\n")
            }
        }
    }

    /// A server that notes how much of a request's content it has, and answers when it has all.
    private func sink(_ mix: Mix, _ count: Monitor<Int>) throws -> ScriptedServer {
        if mix.serverTwo {
            return try .frames { peer, _ in
                _ = try peer.request(on: 1)
                while peer.exchanges[1]?.isEnded != true, case .frame = try peer.next() {
                    count.change { $0 = peer.count(on: 1) }
                }
                peer.send(FrameClient.answer(1, 200), .data(1, "all"))
                try peer.untilGone()
            }
        }
        return try ScriptedServer { socket, _ in
            _ = try socket.receive(until: "\r\n\r\n")
            while true {
                let size = Int(try socket.receive(until: "\r\n").dropLast(), radix: 16) ?? 0
                _ = try socket.receive(exactly: size + 2)
                count.change { $0 += size }
                if size == 0 { break }
            }
            try socket.send(response(200, "all"))
            _ = try socket.receiveUntilGone()
        }
    }

    @Test(arguments: Mix.all) func eachPieceOfARequestLeavesAtOnce(mix: Mix) throws {
        let count = Monitor(0)
        func waitForServer(_ number: Int) {
            let expected = Self.pieces[...number].joined().utf8.count
            #expect(count.wait { $0 == expected ? true : nil } == true, "piece \(number)")
        }
        try mix.run(try sink(mix, count)) { martlet throws in
            if mix.clientTwo {
                let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
                client.send(.open(1, client.server.block("POST", "/")))
                for (number, piece) in Self.pieces.enumerated() {
                    client.send(.data(1, piece, []))
                    waitForServer(number)
                }
                client.send(.data(1, ""))
                #expect(try client.response(on: 1).text == "all")
            } else {
                let client = try martlet.connect()
                try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                for (number, piece) in Self.pieces.enumerated() {
                    try client.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
                    waitForServer(number)
                }
                try client.send("0\r\n\r\n")
                #expect(try client.readResponse().text == "all")
            }
        }
    }
}
