// TLS without a config file, and with the lines that `martlet pin` prints.
import Foundation
import MartletTestSupport
import Testing

@Suite struct QuickTLSTests {
    private let certificates: TestCertificates
    private let origin: Origin

    init() throws {
        certificates = try TestCertificates()
        origin = try Origin()
    }

    private func withServer(_ test: (_ address: String, RunningMartlet) throws -> Void) throws {
        let leaf = try certificates.leaf(["127.0.0.1"])
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [leaf])) { server throws in
            try test("127.0.0.1:\(try server.port(of: "tls"))", server)
        }
    }

    @Test func oneCommandSpeaksTLSOnBothSides() throws {
        let own = try certificates.leaf(["app.test"])
        try withServer { address, _ throws in
            let arguments = ["--listen", "127.0.0.1:0", "--cert", own.chain, "--key", own.key]
            func ask(_ environment: [String: String]) throws -> String {
                let proxy = try ChildProcess(
                    MartletBinary.path, ["proxy", "--workers", "1", "--to", "https://" + address] + arguments,
                    environment: environment)
                let port = try proxy.listeningPort()
                let result = try ChildProcess.run(
                    "curl",
                    [
                        "-sS", "--max-time", "8", "--cacert", certificates.authority, "--resolve",
                        "app.test:\(port):127.0.0.1", "-w", " %{http_code}", "https://app.test:\(port)/hello",
                    ])
                proxy.signal(15)
                #expect(try proxy.wait() == .code(0))
                return result.output
            }
            #expect(try ask(["SSL_CERT_FILE": certificates.authority]) == "/hello 200")
            #expect(origin.requests.count == 1)
            #expect(try ask([:]).hasSuffix(" 502"), "the server is verified")
            #expect(origin.requests.count == 1)
        }
        let missing = try program("proxy", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", "--cert", "/nowhere.pem")
        #expect(missing.has(code: 64))
        #expect(missing.errors.contains("cannot read '/nowhere.pem': there is no such file"), "\(missing.errors)")
    }

    @Test func whatPinPrintsIsAConfig() throws {
        try withServer { address, server throws in
            let result = try program("pin", address)
            #expect(result.has(code: 0) && result.errors.isEmpty)
            let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
            let section = lines.drop { $0 != "    upstreams:" }.prefix { !$0.isEmpty }
            #expect(section.count > 4)
            let pasted = section.map { $0.dropFirst(4) }.joined(separator: "\n").replacing("NAME", with: "app") + "\n"
            let text =
                "listeners: [{address: '127.0.0.1:0'}]\nroutes: [{upstream: app}]\n"
                + pasted.replacing(
                    "    tls:\n", with: "    servers: ['\(address)']\n    tls:\n      ca: \(certificates.authority)\n")
            try withMartlet(text) { martlet throws in #expect(try martlet.request("GET /").status == 200) }
            // Another key is not the one that was pinned.
            let pin = try #require(text.firstMatch(of: /sha256\/[^\n]+/)).output
            let other = text.replacing(pin, with: "sha256/" + String(repeating: "A", count: 43) + "=")
            try withMartlet(other) { martlet throws in #expect(try martlet.request("GET /").status == 502) }
        }
    }

    @Test func aServerThatCannotBeAskedIsToldOf() throws {
        let closed = try ReservedPort()
        let refused = try program("pin", "127.0.0.1:\(closed.port)")
        #expect(refused.has(code: 69) && refused.output.isEmpty)
        #expect(refused.errors == "martlet: 127.0.0.1:\(closed.port): Connection refused\n")
        let plain = try ScriptedServer { socket, _ in
            _ = try socket.receive(exactly: 5)
            try socket.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            _ = try socket.receiveUntilGone()
        }
        let noTLS = try program("pin", plain.address)
        #expect(noTLS.has(code: 69) && noTLS.output.isEmpty)
        #expect(noTLS.errors == "martlet: \(plain.address): what came is not TLS\n")
        let unknown = try program("pin", "no-such-host.invalid")
        #expect(unknown.has(code: 69))
        #expect(unknown.errors.hasPrefix("martlet: no-such-host.invalid does not resolve"), "\(unknown.errors)")
        withExtendedLifetime(closed) {}
    }
}
