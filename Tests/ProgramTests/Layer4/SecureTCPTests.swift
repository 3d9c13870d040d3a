// TCP with TLS: passed on by name, ended here, or begun here.
import MartletTestSupport
import Testing

@Suite struct SecureTCPTests {
    /// A server of its own with TLS, which answers with its name.
    private final class SecureServer: Sendable {
        let origin: Origin
        let martlet: RunningMartlet

        init(_ name: String, _ certificates: TestCertificates) throws {
            origin = try Origin { _ in response(200, name) }
            martlet = try RunningMartlet(
                SecureConfigs.proxy(to: [origin.address], [try certificates.leaf([name])]))
        }

        var address: String { get throws { "127.0.0.1:\(try martlet.port(of: "tls"))" } }
    }

    @Test(arguments: ["1.2", "1.3"]) func theNameDecides(version: String) throws {
        let certificates = try TestCertificates()
        let exact = try SecureServer("a.test", certificates)
        let other = try SecureServer("b.test", certificates)
        let names = "serverNames: [{host: a.test, upstream: app}, {host: \"*.test\", upstream: other}]"
        let config = TCPConfigs.proxy(
            to: [try exact.address], listener: [names], "  other:\n    servers: [\"\(try other.address)\"]"
        ).replacing("name: tcp", with: "name: tls")
        try withMartlet(config) { martlet throws in
            let versions = ["--tlsv\(version)", "--tls-max", version]
            for name in ["a.test", "b.test"] {
                let answer = try martlet.curl(name, "/", versions, authority: certificates.authority)
                #expect(answer == name)
            }
            let refused = try martlet.opensslClient(["-servername", "a.example"])
            #expect(refused.contains("unrecognized name"), "\(refused)")
            #expect(try martlet.tunnelLines(3).map { $0["server_name"] } == ["a.test", "b.test", "a.example"])
            #expect(try martlet.metrics["martlet_tunnels_refused_total{reason=\"server_name\"}"] == 1)
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func tlsMayEndHere(version: String) throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["a.test"])
        let server = try ScriptedServer.linesBack("plain")
        let tls = ["upstream: app", "tls: {certificates: [{certificate: \(leaf.chain), key: \(leaf.key)}]}"]
        try withMartlet(TCPConfigs.proxy(to: [server.address], listener: tls)) { martlet throws in
            let client = "openssl s_client -quiet \(version) -connect 127.0.0.1:\(try martlet.port(of: "tcp"))"
            let result = try ChildProcess.run("sh", ["-c", "printf 'hello\\nend\\n' | \(client) 2>/dev/null"])
            #expect(result.output == "plain hello\nplain end\n")
            let line = try martlet.tunnelLines(1)[0]
            #expect(line["tls"] == (version == "-tls1_2" ? "1.2" : "1.3") && line["bytes_in"] == "10")
        }
    }

    /// Two proxies: between them there is TLS, in front of and behind it there is none.
    @Test func tlsMayBeginHere() throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let server = try ScriptedServer { socket, _ in
            let all = try socket.receiveUntilEnd()
            try socket.send(Array("all: ".utf8) + all)
        }
        let tls = ["upstream: app", "tls: {certificates: [{certificate: \(leaf.chain), key: \(leaf.key)}]}"]
        try withMartlet(TCPConfigs.proxy(to: [server.address], listener: tls)) { second throws in
            let address = "127.0.0.1:\(try second.port(of: "tcp"))"
            let upstream = ["tls: {ca: \(certificates.authority)}"]
            try withMartlet(TCPConfigs.proxy(to: [address], upstream: upstream)) { first throws in
                let client = try first.connect(to: "tcp")
                let bytes = [UInt8](repeating: 0x78, count: 2_000_000)
                try client.send(bytes)
                client.shutdownSend()
                #expect(try client.receiveUntilEnd() == Array("all: ".utf8) + bytes)
                client.close()
            }
        }
    }
}
