import MartletTestSupport
import Testing

/// Clients of the admin listener that hold connections and do nothing: whoever operates the proxy gets in all the same.
@Suite(.timeLimit(.minutes(20)), .serialized) struct AdminSlowTests {
    private static let most = 128
    private static let tooSlow = "martlet_timeouts_total{kind=\"response_rate\"}"
    private static let tooLate = "martlet_timeouts_total{kind=\"request_head\"}"

    /// Asks for more than the kernel keeps for a client, who takes none of it.
    private func reader(_ martlet: RunningMartlet) throws -> TestSocket {
        let socket = try TestSocket(path: martlet.socketPath)
        try ask(socket)
        return socket
    }

    private func ask(_ socket: TestSocket) throws {
        try socket.send(String(repeating: requestText("GET /metrics", ["Host: localhost"]), count: 20))
    }

    private func figures(_ socket: TestSocket) throws -> [Substring: Double] {
        let lines = try socket.exchange("GET /metrics", ["Host: localhost"]).text.split(separator: "\n")
        return lines.reduce(into: [:]) { figures, line in
            let words = line.split(separator: " ")
            if words.count == 2, let value = Double(words[1]) { figures[words[0]] = value }
        }
    }

    /// The limits are those of all listeners.
    @Test func theUsualLimitsGiveThemUp() throws {
        let limits = "timeouts: {requestHead: 1s, idle: 30s}\nrates: {response: 1000B, grace: 1s}\n"
        try withMartlet(Configs.operated(["127.0.0.1:1"], limits)) { martlet in
            let operating = try TestSocket(path: martlet.socketPath)
            #expect(try operating.exchange("GET /readyz").status == 200)
            var held = try (0..<40).map { _ in try TestSocket(path: martlet.socketPath) }
            held += try (0..<40).map { _ in
                let socket = try TestSocket(path: martlet.socketPath)
                try socket.send("GET /metrics HTTP/1.1\r\nHost: loc")
                return socket
            }
            held += try (0..<Self.most - 81).map { _ in try reader(martlet) }
            var last: [Substring: Double] = [:]
            try eventually("all are gone", .seconds(20)) {
                last = try figures(operating)
                let (late, slow) = (last[Self.tooLate[...]] ?? 0, last[Self.tooSlow[...]] ?? 0)
                return late >= 80 && slow >= Double(Self.most - 81) && last["martlet_connections_active"] == 1
            }
            // The listener is as it was.
            #expect(try martlet.ask("GET /readyz").status == 200)
            for socket in held { socket.close() }
        }
    }

    /// Where rates are not looked at, the place of one that does not read is given to somebody who asks for it.
    @Test func whoDoesNotReadKeepsNobodyOut() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"], "rates: {response: off}\n")) { martlet in
            var held = try (0..<Self.most).map { _ in try reader(martlet) }
            var last: [Substring: Double] = [:]
            try eventually("an operator gets in", .seconds(30)) {
                let socket = try TestSocket(path: martlet.socketPath)
                guard let answer = try? figures(socket) else { return false }
                last = answer
                // Whoever has got in does not read either from now on.
                try ask(socket)
                held.append(socket)
                return answer[Self.tooSlow[...]] ?? 0 >= 1
            }
            // Only as many have gone as there were others in want of a place.
            #expect(last["martlet_connections_active"] ?? 0 > Double(Self.most - 8), "\(last)")
            try eventually("the commands work", .seconds(30)) { try martlet.command("status").has(code: 0) }
            for socket in held { socket.close() }
        }
    }
}
