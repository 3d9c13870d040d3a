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

    @Test func `The server's order counts if wanted`() throws {
        let fixture = try Fixture.get()
        let client = try fixture.client {
            $0.maximum = .v12
            $0.ciphers = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"]
        }
        for isServers in [false, true] {
            let server = try fixture.server {
                $0.ciphers = ["ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
                $0.prefersServerOrder = isServers
            }
            let name = try fixture.connect(client, server).client.session.cipherName
            #expect(name == (isServers ? "ECDHE-ECDSA-AES256-GCM-SHA384" : "ECDHE-ECDSA-AES128-GCM-SHA256"))
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
