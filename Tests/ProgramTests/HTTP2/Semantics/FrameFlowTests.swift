// Flow control: nobody is sent more than it has asked for, and who is slow holds up only what it is slow with.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FrameFlowTests {
    /// A server that answers with as many bytes as the target says.
    /// - Parameter sent: how many answers have left it.
    private static func server(_ sent: Monitor<Int> = Monitor(0)) throws -> ScriptedServer {
        try ScriptedServer(limit: .seconds(60)) { socket, _ in
            while let request = try socket.readRequest() {
                let count = Int(request.target.dropFirst()) ?? 0
                try socket.send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n")
                var check = 0
                while check < count {
                    let block = BigContent.block(check / BigContent.blockBytes).prefix(count - check)
                    try socket.send(Array(block))
                    check += block.count
                }
                sent.change { $0 += 1 }
            }
        }
    }

    @Test(arguments: [false, true]) func muchContentPasses(isSecure: Bool) throws {
        let server = try Self.server()
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames(isSecure))
            client.opensWindows = true
            let streams: [UInt32] = [1, 3, 5]
            client.send(streams.map { .headers($0, client.server.block("GET", "/4000000")) })
            for stream in streams {
                let answer = try client.response(on: stream, within: .seconds(60))
                var check = BigContentCheck()
                try check.take(answer.content)
                #expect(check.position == 4_000_000 && answer.isEnded)
                #expect(answer.sizes.allSatisfy { $0 <= 16_384 })
            }
        }
    }

    @Test(arguments: [false, true]) func muchContentOfRequestsPasses(isSecure: Bool) throws {
        let server = try ScriptedServer(limit: .seconds(60)) { socket, _ in
            while let head = try socket.readRequestHead() {
                var check = BigContentCheck()
                if let length = head["Content-Length"].flatMap({ Int($0) }) {
                    while check.position < length {
                        try check.take(try socket.receive(exactly: min(10_000, length - check.position)))
                    }
                } else {
                    try socket.receiveChunks { try check.take($0) }
                }
                try socket.send(response(200, "\(check.position)"))
            }
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames(isSecure))
            let streams: [UInt32] = [1, 3]
            let sender = FrameSender(client)
            client.send(.open(1, client.server.block("POST")))
            client.send(.open(3, client.server.block("POST", "/", [HTTPField("content-length", "3000000")])))
            try sender.send(3_000_000, on: streams)
            for stream in streams { #expect(try client.response(on: stream).text == "3000000") }
            #expect(server.failures == [])
        }
    }

    /// The kernel holds the last response, and the proxy what the kernel has no room for. Its client takes nothing for longer than
    /// an idle connection has, and gets all of it nevertheless.
    @Test func theEndOfTheLastResponseWaitsForASlowReader() throws {
        let server = try Self.server()
        let stage = try FrameStage()
        let times = "timeouts: {requestHead: 1s, idle: 1s, linger: 1s}\nrates: {grace: 1m}"
        try withMartlet(stage.config(to: [server.address], times)) { martlet in
            let clients = try (1...72).map { number in
                let client = try FrameClient(try martlet.frames(), receiveBuffer: 4_096)
                try client.start([(Setting.initialWindow, 1 << 24)])
                client.send(.windowUpdate(0, 1 << 24), .headers(1, client.server.block("GET", "/\(number * 49_152)")))
                return client
            }
            // What is looked at is looked at each five seconds, and broken off after one more.
            #expect(try TestSocket(port: server.port).isQuiet(for: .milliseconds(7_500)))
            for (number, client) in clients.enumerated() {
                client.opensWindows = true
                let answer = try client.response(on: 1, within: .seconds(60))
                #expect(answer.isEnded && answer.content.count == (number + 1) * 49_152, "\(number)")
            }
        }
    }

    /// A stream whose window is used up waits; the others go on.
    @Test func aSlowStreamIsAlone() throws {
        let server = try Self.server()
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames(), [(Setting.initialWindow, 1_000)])
            client.send(.windowUpdate(0, 1 << 24), .headers(1, client.server.block("GET", "/100000")))
            try client.takeIn(until: "1000 bytes") { client.count(on: 1) >= 1_000 }
            for stream: UInt32 in [3, 5] { #expect(try client.get(stream, "/1000").content.count == 1_000) }
            try client.synchronize()
            #expect(client.count(on: 1) == 1_000)
            client.send(.windowUpdate(1, 500))
            try client.takeIn(until: "1500 bytes") { client.count(on: 1) >= 1_500 }
            client.send(.windowUpdate(1, 1 << 20))
            var check = BigContentCheck()
            try check.take(try client.response(on: 1).content)
            #expect(check.position == 100_000)
        }
    }

    /// Several streams and a window for all of them that is too small: nothing beyond it is sent.
    @Test func theConnectionsWindowIsKept() throws {
        let server = try Self.server()
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames(), [(Setting.initialWindow, 1 << 20)])
            let streams: [UInt32] = [1, 3, 5, 7]
            client.send(streams.map { .headers($0, client.server.block("GET", "/40000")) })
            func count() -> Int { streams.reduce(0) { $0 + client.count(on: $1) } }
            try client.takeIn(until: "65535 bytes") { count() >= 65_535 }
            try client.synchronize()
            #expect(count() == 65_535)
            client.send(.windowUpdate(0, 160_000 - 65_535))
            for stream in streams { #expect(try client.response(on: stream).content.count == 40_000) }
        }
    }

    /// A client that sends more than it was allowed breaks the rules (RFC 9113 section 6.9.1).
    @Test func contentBeyondTheWindowIsRefused() throws {
        let isDone = Monitor(false)
        let server = try ScriptedServer(receiveBuffer: 4_096) { socket, _ in
            _ = try socket.readRequestHead()
            // Reads nothing more, so that the windows stay closed.
            _ = isDone.wait(.seconds(60)) { $0 ? true : nil }
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            let block = String(repeating: "x", count: 16_384)
            client.send(.open(1, client.server.block("POST", "/", [HTTPField("content-length", "99999999")])))
            // More than the kernel keeps for a server that does not read.
            for _ in 0..<2_000 where client.exchanges[1]?.isDone != true && !client.isGone {
                client.send(.data(1, block, []))
                try client.takeIn()
            }
            if client.exchanges[1]?.resetCode != .flowControl { try client.expect(.streamError([.flowControl])) }
            isDone.change { $0 = true }
        }
    }

    /// The more urgent response comes first (RFC 9218).
    @Test func urgentResponsesComeFirst() throws {
        let sent = Monitor(0)
        let server = try Self.server(sent)
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames(), [(Setting.initialWindow, 1 << 20)])
            for (stream, urgency) in [(1, 7), (3, 0), (5, 3)] as [(UInt32, Int)] {
                let field = HTTPField("priority", "u=\(urgency)")
                client.send(.headers(stream, client.server.block("GET", "/200000", [field])))
                _ = try client.head(on: stream)
            }
            // Whatever the beginning was, from now on the window is what all wait for: the servers have said all.
            #expect(sent.wait { $0 == 3 ? true : nil } == true)
            func counts() -> [Int] { [1, 3, 5].map { client.count(on: $0) } }
            try client.takeIn(until: "65535 bytes") { counts().reduce(0, +) >= 65_535 }
            let before = counts()
            for step in 1...12 {
                client.send(.windowUpdate(0, 5_000))
                try client.takeIn(until: "5000 bytes") { counts().reduce(0, +) >= 65_535 + 5_000 * step }
                // Time for the proxy to fetch more.
                try client.synchronize()
            }
            // What the proxy holds of a response is not all of it, so that another one may go on while it is fetched.
            let after = counts()
            #expect(after[1] - before[1] > 40_000 && after[0] == before[0], "\(before) \(after)")
        }
    }
}
