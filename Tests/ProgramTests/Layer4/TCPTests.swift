// Plain TCP through the program.
import Glibc
import MartletTestSupport
import Testing

@Suite struct TCPTests {
    @Test func connectionsAreRelayedAndLogged() throws {
        let server = try ScriptedServer.linesBack("one")
        try withMartlet(TCPConfigs.proxy(to: [server.address])) { martlet throws in
            let client = try martlet.connect(to: "tcp")
            try client.send("hello\n")
            #expect(try client.receive(until: "\n") == "one hello\n")
            try client.send("end\n")
            #expect(try client.receiveUntilEnd() == Array("one end\n".utf8))
            client.close()
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            let line = try martlet.tunnelLines(1)[0]
            #expect(line["protocol"] == "tcp" && line["listener"] == "tcp" && line["status"] == "200")
            #expect(line["bytes_in"] == "10" && line["bytes"] == "18" && line["upstream"] == "app")
            #expect(try martlet.metrics["martlet_tunnels_opened_total"] == 1)
        }
    }

    @Test func whoRefusesIsNotAskedAgain() throws {
        let dead = try ReservedPort()
        let server = try ScriptedServer.linesBack("two")
        let config = TCPConfigs.proxy(to: ["127.0.0.1:\(dead.port)", server.address])
        try withMartlet(config) { martlet throws in
            for _ in 0..<8 {
                let client = try martlet.connect(to: "tcp")
                try client.send("end\n")
                #expect(try client.receiveUntilEnd() == Array("two end\n".utf8))
                client.close()
            }
            #expect(try martlet.tunnelLines(8).allSatisfy { $0["error"] == nil })
        }
    }

    @Test func aDrainWaitsForConnections() throws {
        let server = try ScriptedServer.linesBack("one")
        let martlet = try RunningMartlet(TCPConfigs.proxy(to: [server.address]))
        let client = try martlet.connect(to: "tcp")
        try client.send("a\n")
        _ = try client.receive(until: "\n")
        let port = try martlet.port(of: "tcp")
        martlet.process.signal(SIGTERM)
        try eventually("closed to others") { (try? TestSocket(port: port)) == nil }
        try client.send("b\n")
        #expect(try client.receive(until: "\n") == "one b\n")
        client.close()
        #expect(try martlet.process.wait() == .code(0))
        // Those who looked whether it is closed may have lines, too.
        let line = try martlet.accessLog.first { $0["bytes_in"] == "4" }
        #expect(line?["status"] == "200")
    }

    @Test(.timeLimit(.minutes(20))) func aGibibyteNeedsNoMemory() throws {
        let total = 1 << 30
        let server = try ScriptedServer(limit: .seconds(60)) { socket, _ in
            var sent = 0
            let block = [UInt8](repeating: 0x61, count: 1 << 18)
            while sent < total {
                try socket.send(block)
                sent += block.count
            }
        }
        try withMartlet(TCPConfigs.proxy(to: [server.address])) { martlet throws in
            let before = try martlet.peakMemory()
            let client = try martlet.connect(to: "tcp")
            var received = 0
            while received < total {
                received += try client.receive(exactly: 1 << 16).count
            }
            #expect(try client.receiveUntilEnd().isEmpty)
            client.close()
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            #expect(try martlet.peakMemory() - before < 16 << 10)
        }
    }
}
