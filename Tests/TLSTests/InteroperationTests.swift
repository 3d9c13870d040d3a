import MartletTestSupport
import Synchronization
import Testing

@testable import MartletTLS

/// With another implementation, over sockets: the program `openssl`.
@Suite struct InteroperationTests {
    /// Serves one session on each connection; what became of the last is kept.
    private final class Served: Sendable {
        let last = Mutex<(text: String, failure: TLSFailure?, isResumed: Bool)>(("", nil, false))

        func server(_ context: TLSServerContext, staysOpen: Bool = false) throws -> ScriptedServer {
            try ScriptedServer { socket, _ in
                let endpoint = try Endpoint(context.session())
                var hasAnswered = false
                while !endpoint.hasFailed && !endpoint.hasEnded {
                    guard let bytes = try? socket.receive(exactly: 1) else { break }
                    endpoint.open(bytes)
                    if endpoint.session.isEstablished && !hasAnswered {
                        endpoint.send("served\n")
                        if !staysOpen { endpoint.end() }
                        hasAnswered = true
                    }
                    if !endpoint.outbox.isEmpty { try socket.send(endpoint.outbox) }
                    endpoint.outbox = []
                }
                self.last.withLock { $0 = (endpoint.text, endpoint.failure, endpoint.session.isResumed) }
            }
        }
    }

    /// What their client says; without a command it waits for the server's end.
    private func client(_ arguments: String, command: String = "", port: UInt16) throws -> String {
        let program = "openssl s_client -connect 127.0.0.1:\(port) -CAfile ca.pem -servername a.test "
        let input = command.isEmpty ? "-ign_eof < /dev/null" : ""
        let echo = command.isEmpty ? "" : "echo \(command) | "
        return try Fixture.get().authority.run("\(echo)\(program) \(arguments) \(input) 2>&1 || true")
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func `Their client is served`(version: String) throws {
        let fixture = try Fixture.get()
        let leaf = try fixture.authority.leaf(["a.test"])
        let identity = try TLSIdentity(leaf, ocsp: fixture.authority.ocspResponse(for: leaf))
        let served = Served()
        let context = try fixture.server([identity]) { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let server = try served.server(context)
        let session = fixture.authority.folder + "/session\(version)"
        let first = try client(
            "\(version) -verify_hostname a.test -status -alpn h2,http/1.1 -sess_out \(session)",
            port: server.port)
        #expect(first.contains("Verify return code: 0 (ok)"), "\(first)")
        #expect(first.contains("Cert Status: good"))
        #expect(first.contains("ALPN protocol: http/1.1"))
        #expect(first.contains("Compression: NONE"))
        #expect(first.contains("Secure Renegotiation IS\(version == "-tls1_3" ? " NOT" : "") supported"))
        #expect(server.waitForScripts())
        #expect(served.last.withLock { $0.failure } == nil)
        let second = try client("\(version) -sess_in \(session)", port: server.port)
        #expect(second.contains("Reused, "))
        #expect(server.waitForScripts())
        #expect(served.last.withLock { $0.isResumed })
    }

    @Test func `Renegotiation is refused`() throws {
        let served = Served()
        let server = try served.server(Fixture.get().server(), staysOpen: true)
        _ = try client("-tls1_2", command: "R", port: server.port)
        #expect(server.waitForScripts())
        #expect(served.last.withLock { $0.failure?.kind } == .protocolError)
        #expect(served.last.withLock { $0.failure?.text } == "peer wants to renegotiate, which is not allowed")
    }

    @Test(arguments: [
        "-tls1_1 -cipher ALL:@SECLEVEL=0", "-tls1 -cipher ALL:@SECLEVEL=0", "-tls1_2 -cipher AES128-SHA",
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256",
        "-tls1_2 -cipher ALL:@SECLEVEL=0:!AESGCM:!CHACHA20",
    ]) func `What is weak is refused`(arguments: String) throws {
        let served = Served()
        let fixture = try Fixture.get()
        let server = try served.server(fixture.server([fixture.identity(), fixture.identity(.rsa2048)]))
        let output = try client(arguments, port: server.port)
        #expect(output.contains("New, (NONE), Cipher is (NONE)"), "\(output)")
        #expect(server.waitForScripts())
        #expect(served.last.withLock { $0.failure?.kind } == .handshake)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"], [true, false]) func `Their server is spoken to`(
        version: String, hasIdentity: Bool
    ) throws {
        let fixture = try Fixture.get()
        let leaf = try fixture.authority.leaf(["a.test"], key: .rsa2048)
        let process = try ChildProcess(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:0", "-cert", leaf.chain, "-key", leaf.key, "-www", version]
                + (hasIdentity ? ["-Verify", "1", "-CAfile", fixture.authority.authority] : []))
        let words = try process.waitForOutput(containing: "\n", on: .output).split(separator: "\n")[0]
        // The port follows the last colon of `ACCEPT 127.0.0.1:40000`.
        let line = words.contains("ACCEPT") ? String(words) : try process.waitForOutput(containing: "ACCEPT 127")
        let port = try #require(
            UInt16(line.split(separator: "ACCEPT").last?.split(separator: ":").last?.prefix { $0.isNumber } ?? ""))
        let context = try fixture.client { $0.identity = hasIdentity ? fixture.client : nil }
        for isResumed in [false, true] {
            let endpoint = try Endpoint(context.session(to: "a.test", cacheKey: 1))
            let socket = try TestSocket(port: port)
            endpoint.open()
            var hasAsked = false
            while !endpoint.hasFailed && !endpoint.hasEnded {
                try socket.send(endpoint.outbox)
                endpoint.outbox = []
                if endpoint.session.isEstablished && !hasAsked {
                    endpoint.send("GET / HTTP/1.0\r\n\r\n")
                    hasAsked = true
                    continue
                }
                guard let bytes = try? socket.receive(exactly: 1) else { break }
                endpoint.open(bytes)
            }
            #expect(endpoint.failure == nil)
            #expect(endpoint.text.contains("HTTP/1.0 200 ok"))
            #expect(endpoint.session.isResumed == isResumed)
            #expect(endpoint.text.contains("no client certificate available") != hasIdentity)
        }
    }
}
