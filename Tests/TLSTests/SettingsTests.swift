import Glibc
import MartletTestSupport
import Testing

@testable import MartletTLS

@Suite struct SettingsTests {
    @Test func `All names are known to the library`() throws {
        let fixture = try Fixture.get()
        for name in TLSNames.ciphers { _ = try fixture.server { $0.ciphers = [name] } }
        for name in TLSNames.groups { _ = try fixture.server { $0.groups = [name] } }
        _ = try fixture.server { $0.groups = TLSNames.groups }
    }

    @Test func `Unknown names are errors that name the valid ones`() throws {
        let fixture = try Fixture.get()
        func message(_ change: (inout TLSServerSettings) -> Void) -> String {
            do {
                _ = try fixture.server(nil, change)
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            message { $0.ciphers = ["RC4"] }.hasPrefix(
                "RC4 is no cipher suite of TLS 1.2 that is supported; these are: ECDHE-ECDSA"))
        #expect(message { $0.ciphers = ["TLS_AES_128_GCM_SHA256"] }.contains("TLS 1.3"))
        #expect(message { $0.ciphers = ["ALL:!aNULL"] }.contains("no cipher suite"))
        #expect(
            message { $0.groups = ["P-1"] }.contains("P-1 is no group that is supported; these are: X25519MLKEM768"))
        #expect(message { ($0.minimum, $0.maximum) = (.v13, .v12) }.contains("newer than the newest"))
        #expect(message { $0.protocols = [""] }.contains("ALPN"))
        #expect(message { $0.protocols = [String(repeating: "x", count: 256)] }.contains("ALPN"))
        #expect(message { _ in }.isEmpty)
    }

    @Test func `The server's order of suites counts`() throws {
        let fixture = try Fixture.get()
        let client = try fixture.client {
            $0.maximum = .v12
            $0.ciphers = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"]
        }
        for first in client128First {
            let server = try fixture.server { $0.ciphers = first }
            #expect(try fixture.connect(client, server).client.session.cipherName == first[0])
        }
    }

    private let client128First = [
        ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"],
        ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"],
    ]

    /// Of the default suites that are alike the client chooses: a phone keeps ChaCha20.
    @Test(arguments: [TestCertificates.Key.p256, .rsa2048])
    func `Of good suites the client chooses, but not the long way`(key: TestCertificates.Key) throws {
        let fixture = try Fixture.get()
        let server = try fixture.server([fixture.identity(key)])
        let kind = key == .p256 ? "ECDHE-ECDSA-" : "ECDHE-RSA-"
        let (short, long, stream) = ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
        for (offered, chosen) in [
            ([short, long, stream], short), ([stream, short, long], stream), ([long, stream, short], stream),
            ([long, short], short), ([long], long),
        ] {
            let client = try fixture.client {
                $0.maximum = .v12
                $0.ciphers = offered.map { kind + $0 }
            }
            #expect(try fixture.connect(client, server).client.session.cipherName == kind + chosen, "\(offered)")
        }
    }

    @Test func `The key exchange that withstands quantum computers comes first`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server()
        for (offered, chosen) in [
            ([], "X25519MLKEM768"), (["P-256", "X25519", "X25519MLKEM768"], "X25519MLKEM768"),
            (["P-256", "X25519"], "X25519"), (["P-384", "P-256"], "P-256"), (["P-384"], "P-384"),
        ] {
            let client = try fixture.client { $0.groups = offered }
            let connection = try fixture.connect(client, server)
            #expect(connection.server.session.groupName == chosen, "\(offered)")
        }
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `Keys are logged`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let folder = try TestCertificates("Log")
        let path = folder.folder + "/keys"
        let log = try TLSKeyLog(path: path)
        var settings = TLSClientSettings()
        settings.isInsecure = true
        settings.maximum = version
        let client = try TLSClientContext(settings, keyLog: log)
        let server = try TLSServerContext(
            TLSServerSettings(), identities: TLSIdentities(TLSIdentityTable([fixture.identity()])),
            keyLog: TLSKeyLog(path: path))
        #expect(try fixture.connect(client, server).echoes())
        let written = try folder.run("stat -c %a keys; cat keys").split(separator: "\n")
        #expect(written.first == "600")
        let label = version == .v12 ? "CLIENT_RANDOM " : "CLIENT_TRAFFIC_SECRET_0 "
        #expect(written.count { $0.hasPrefix(label) } == 2, "one line of each end")
        #expect(throws: TLSError.self) { try TLSKeyLog(path: "/nowhere/keys") }
    }

    @Test func `Base64 is as openssl has it`() throws {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
        }
        #expect(Base64.encode(Array("martlet".utf8)) == "bWFydGxldA==")
        #expect(Base64.decode(Array("bWFy dGxl\ndA".utf8)) == Array("martlet".utf8))
        for wrong in ["a", "bWFydGxldA==x", "b-Fy", "ä"] { #expect(Base64.decode(Array(wrong.utf8)) == nil) }
    }

    @Test func `PEM is read with all that may stand around it`() {
        let text =
            "subject=x\r\n-----BEGIN CERTIFICATE-----\r\nAQID\r\n-----END CERTIFICATE-----\r\n\r\n"
            + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAQ==\n-----END RSA PRIVATE KEY-----\n"
            + "-----BEGIN X-----\nAQ\n-----END Y-----\n-----BEGIN CUT-----\nAQID\n"
        let blocks = PEMBlock.all(in: Array(text.utf8))
        #expect(blocks.map(\.label) == ["CERTIFICATE", "RSA PRIVATE KEY"])
        #expect(blocks.map(\.bytes) == [[1, 2, 3], [1]])
        #expect(blocks.map(\.isEncrypted) == [false, true])
        #expect(PEMBlock.all(in: Array("-----BEGIN -----\n-----END -----\n-----BEGIN".utf8)).isEmpty)
    }
}
