import Foundation
import MartletTestSupport
import Testing

/// `martlet pin`, of servers, certificates and keys.
@Suite(.timeLimit(.minutes(20))) struct PinCommandTests {
    private let authority: TestCertificates
    private let leaf: TestCertificates.Leaf
    private let pin: String

    init() throws {
        authority = try TestCertificates()
        leaf = try authority.leaf(["app.test", "127.0.0.1"])
        // As `openssl` computes it, from the certificate.
        let command = """
            openssl x509 -in '\(leaf.chain)' -pubkey -noout | openssl pkey -pubin -outform der \
            | openssl dgst -sha256 -binary | base64
            """
        let (_, output, _) = try ChildProcess.run("/bin/sh", ["-c", command])
        pin = "sha256/" + output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func list(_ result: Ended) throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    }

    @Test func aCertificateAndItsKeyHaveTheSamePin() throws {
        let certificate = try program("pin", "--cert", leaf.chain)
        #expect(certificate.has(code: 0) && certificate.errors.isEmpty)
        #expect(certificate.output.contains("  pin      \(pin)\n"))
        #expect(certificate.output.contains("          pins:\n            - \(pin)\n"))
        #expect(certificate.output.contains(".add(\"app.test\", \"\(pin)\")"))
        #expect(certificate.output.contains("<pin digest=\"SHA-256\">\(pin.dropFirst(7))</pin>"))
        #expect(certificate.output.contains("a key kept in reserve"))
        let key = try program("pin", "--key", leaf.key, "--json")
        #expect(key.has(code: 0))
        #expect(try Self.list(key).map { $0["pin"] as? String } == [pin])
    }

    @Test func aServerShowsItsChain() throws {
        let folder = try TestFolder()
        try folder.write(
            """
            listeners: [{address: '127.0.0.1:0', tls: {certificates: [{certificate: '\(leaf.chain)', key: '\(leaf.key)'}]}}]
            accessLog: off

            """, to: "martlet.yaml")
        let proxy = try ChildProcess(MartletBinary.path, ["run", folder.path("martlet.yaml"), "--workers", "1"])
        let port = try proxy.listeningPort()
        let result = try program("pin", "127.0.0.1:\(port)", "--server-name", "app.test", "--json")
        #expect(result.has(code: 0) && result.errors.isEmpty)
        let chain = try Self.list(result)
        #expect(chain.map { $0["pin"] as? String } == [pin])
        #expect(chain.first?["subject"] as? String == "CN=app.test")
        #expect(chain.first?["notAfter"] as? String == "2099-01-01T00:00:00Z")
        withExtendedLifetime(proxy) {}
    }

    @Test func whatCannotBeHadIsSaid() throws {
        let usage = try program("pin")
        #expect(usage.has(code: 64))
        #expect(try program("pin", "a.test", "--cert", leaf.chain).has(code: 64))
        #expect(try program("pin", "a:b:c").has(code: 64))
        let missing = try program("pin", "--cert", "/nowhere/a.pem")
        #expect(missing.has(code: 69))
        #expect(missing.errors == "martlet: cannot read '/nowhere/a.pem': there is no such file\n")
        #expect(try program("pin", "--key", authority.folder + "/index.txt").has(code: 69))
        // Who listens there does not speak TLS.
        let folder = try TestFolder()
        try folder.write("listeners: [{address: '127.0.0.1:0'}]\naccessLog: off\n", to: "martlet.yaml")
        let proxy = try ChildProcess(MartletBinary.path, ["run", folder.path("martlet.yaml"), "--workers", "1"])
        let port = try proxy.listeningPort()
        #expect(try program("pin", "127.0.0.1:\(port)").has(code: 69))
        withExtendedLifetime(proxy) {}
    }
}

/// `martlet check` and `martlet run` with files of certificates.
@Suite(.timeLimit(.minutes(20))) struct CertificateFileTests {
    private let authority: TestCertificates
    private let folder: TestFolder

    init() throws {
        authority = try TestCertificates()
        folder = try TestFolder()
    }

    private func file(_ certificate: String, _ key: String) throws -> String {
        try folder.write(
            """
            listeners:
              - address: "127.0.0.1:0"
                tls:
                  certificates:
                    - certificate: \(certificate)
                      key: \(key)

            """, to: "martlet.yaml")
        return folder.path("martlet.yaml")
    }

    @Test func whatIsWrongIsSaidWhereTheFileIsNamed() throws {
        let leaf = try authority.leaf(["a.test"])
        let other = try authority.leaf(["b.test"])
        let good = try file(leaf.chain, leaf.key)
        #expect(try program("check", good).has(code: 0))
        let missing = try program("check", try file("/nowhere/a.pem", leaf.key))
        #expect(missing.has(code: 78))
        #expect(
            missing.errors.contains("martlet.yaml:5:24: error: cannot read '/nowhere/a.pem': there is no such file\n"))
        let mismatch = try file(leaf.chain, other.key)
        for command in ["check", "run"] {
            let result = try program(command, mismatch)
            #expect(result.has(code: 78), "\(command)")
            #expect(
                result.errors.contains("martlet.yaml:6:16: error: '\(other.key)' is of no use: "), "\(result.errors)")
        }
    }

    @Test func whatHasExpiredIsAWarning() throws {
        let leaf = try authority.leaf(["a.test"], valid: .expired)
        let result = try program("check", try file(leaf.chain, leaf.key))
        #expect(result.has(code: 0))
        #expect(result.errors.contains(":5:24: warning: the certificate has expired on 2021-01-01T00:00:00Z\n"))
    }
}
