// Clients that another proxy speaks for: over IPv6, towards servers that are no Martlet, and counted as who they are.
import MartletTestSupport
import Testing

@Suite struct AnnouncedClientTests {
    private static func header(_ client: String) -> String { "PROXY TCP4 \(client) 198.51.100.1 4321 443\r\n" }

    /// nginx reads both versions, and says whom they name.
    @Test(arguments: ["v1", "v2"], ["http", "tcp"]) func nginxIsTold(_ version: String, _ mode: String) throws {
        let folder = try TestFolder()
        let file = try folder.write(Self.nginx.replacing("FOLDER", with: folder.path), to: "nginx.conf")
        let nginx = try ChildProcess("nginx", ["-p", folder.path, "-e", "stderr", "-c", file])
        defer { nginx.signal(9) }
        let upstream = [
            "proxyProtocol: \(version)", "check: {kind: tcp, interval: 100ms}",
        ]
        let server = "unix:\(folder.path)/nginx.sock"
        let config =
            mode == "tcp"
            ? TCPConfigs.proxy(
                to: [server], listener: ["upstream: app", "proxyProtocol: [127.0.0.1]"], upstream: upstream)
            : Configs.proxy(to: [server], upstream: upstream).replacing(
                "- address: 127.0.0.1:0", with: "- {address: \"127.0.0.1:0\", name: tcp, proxyProtocol: [127.0.0.1]}")
        try eventually("nginx listens") { (try? TestSocket(path: folder.path + "/nginx.sock")) != nil }
        try withMartlet(config) { martlet throws in
            for number in 1...3 {
                let client = try martlet.connect(to: "tcp")
                try client.send(Self.header("192.0.2.\(number)") + requestText("GET /", ["Connection: close"]))
                let answer = String(decoding: try client.receiveUntilEnd(), as: UTF8.self)
                #expect(answer.hasSuffix("\r\n\r\nfrom 192.0.2.\(number) 4321"), "\(answer)")
                client.close()
            }
        }
    }

    private static let nginx = """
        daemon off;
        master_process off;
        pid FOLDER/nginx.pid;
        events {}
        http {
          access_log off;
          client_body_temp_path FOLDER/a;
          proxy_temp_path FOLDER/b;
          fastcgi_temp_path FOLDER/c;
          uwsgi_temp_path FOLDER/d;
          scgi_temp_path FOLDER/e;
          server {
            listen unix:FOLDER/nginx.sock proxy_protocol;
            location / { return 200 "from $proxy_protocol_addr $proxy_protocol_port"; }
          }
        }
        """

    /// On an address that is both, clients of IPv4 are those of the networks of IPv4.
    @Test func networksOfIPv4HoldOnListenersOfIPv6() throws {
        let origin = try Origin()
        let listener = ["upstream: app", "proxyProtocol: [127.0.0.0/8]"]
        let config = TCPConfigs.proxy(to: [origin.address], listener: listener)
            .replacing("- address: 127.0.0.1:0\n    name: tcp", with: "- address: \":0\"\n    name: tcp")
        try withMartlet(config) { martlet throws in
            let client = try martlet.connect(to: "tcp")
            try client.send("PROXY TCP6 2001:db8::7 ::1 4321 443\r\n" + requestText("GET /x"))
            #expect(try client.readResponse().text == "/x")
            client.close()
            #expect(try martlet.tunnelLines(1)[0]["client"] == "2001:db8::7")
            let port = try martlet.port(of: "tcp")
            let other = try ChildProcess.run("curl", ["-sS", "-m", "10", "http://[::1]:\(port)/y"])
            #expect(other.output == "/y", "\(other.errors)")
            #expect(try martlet.tunnelLines(2)[1]["client"] == "::1")
        }
    }

    @Test func balanceGoesByTheAnnouncedAddress() throws {
        let servers = try (0..<4).map { try ScriptedServer.linesBack("\($0)") }
        let config = TCPConfigs.proxy(
            to: servers.map(\.address), listener: ["upstream: app", "proxyProtocol: [127.0.0.1]"],
            upstream: ["balance: hash"])
        try withMartlet(config) { martlet throws in
            var chosen: Set<String> = []
            for number in 1...16 {
                var answers: Set<String> = []
                for _ in 0..<3 {
                    let client = try martlet.connect(to: "tcp")
                    try client.send(Self.header("192.0.2.\(number)") + "end\n")
                    answers.insert(String(decoding: try client.receiveUntilEnd(), as: UTF8.self))
                    client.close()
                }
                #expect(answers.count == 1)
                chosen.formUnion(answers)
            }
            #expect(chosen.count > 1)
        }
    }

    @Test func connectionsAreCountedByTheAnnouncedAddress() throws {
        let server = try ScriptedServer.linesBack("one")
        let config = TCPConfigs.proxy(
            to: [server.address], listener: ["upstream: app", "proxyProtocol: [127.0.0.1]"],
            "limits: {connectionsPerClient: 2}")
        try withMartlet(config) { martlet throws in
            func open(_ client: String) throws -> TestSocket {
                let socket = try martlet.connect(to: "tcp")
                try socket.send(Self.header(client) + "a\n")
                return socket
            }
            let held = try (0..<2).map { _ in try open("192.0.2.1") }
            for client in held { #expect(try client.receive(until: "\n") == "one a\n") }
            #expect(try open("192.0.2.1").receiveUntilGone().bytes.isEmpty)
            let other = try open("192.0.2.2")
            #expect(try other.receive(until: "\n") == "one a\n")
            held[0].close()
            try martlet.waitForMetric("martlet_tunnels_active", 2)
            let next = try open("192.0.2.1")
            #expect(try next.receive(until: "\n") == "one a\n")
            for client in [held[1], other, next] { client.close() }
            try martlet.waitForMetric("martlet_connections_active", 1)
        }
    }
}
