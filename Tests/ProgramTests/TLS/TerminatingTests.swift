// Clients reach the proxy by TLS.
import Foundation
import MartletTestSupport
import Testing

@Suite struct TerminatingTests {
    @Test(arguments: TestCertificates.Key.allCases)
    func servesEveryKindOfKey(key: TestCertificates.Key) throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["app.test"], key: key)
        let origin = try Origin()
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [leaf])) { martlet throws in
            for version in ["1.2", "1.3"] {
                let arguments = ["--tlsv\(version)", "--tls-max", version]
                #expect(
                    try martlet.curl("app.test", "/hello", arguments, authority: certificates.authority) == "/hello")
            }
            #expect(try martlet.accessLogLine(target: "/hello")["tls"] == "1.2")
            for version in ["1.2", "1.3"] {
                let option = "-tls" + version.replacing(".", with: "_")
                let seen = try martlet.opensslClient([
                    option, "-CAfile", certificates.authority, "-verify_hostname", "app.test", "-servername app.test",
                ])
                #expect(seen.contains("New, TLSv\(version), Cipher is "), "\(seen)")
                #expect(seen.contains("Verify return code: 0 (ok)"))
                // Which openssl can do X25519MLKEM768, gets that.
                #expect(seen.contains("X25519"))
            }
            // Of several groups the best one is taken, whatever the client's order.
            #expect(try martlet.opensslClient(["-tls1_3 -groups P-384:P-256:X25519"]).contains("X25519"))
            #expect(try martlet.opensslClient(["-tls1_3 -groups P-384"]).contains("secp384r1"))
            #expect(try martlet.opensslClient(["-tls1_3 -groups P-521"]).contains("handshake failure"))
            try martlet.waitForMetric("martlet_tls_handshakes_total", 6)
        }
    }

    @Test func tellsTheServerThatTheClientCameByTLS() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])])
        try withMartlet(config) { martlet throws in
            _ = try martlet.curl("app.test", authority: certificates.authority)
            let request = try origin.lastRequest
            #expect(request.values("X-Forwarded-Proto") == ["https"])
            #expect(request["Forwarded"]?.hasSuffix(";proto=https") == true)
            #expect(request["X-Client-Verified"] == nil)
        }
    }

    @Test func oldVersionsAreRefused() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let config = SecureConfigs.proxy(
            to: [origin.address], [try certificates.leaf(["app.test"])], tls: ["minVersion: \"1.3\""])
        try withMartlet(config) { martlet throws in
            let old = try martlet.opensslClient(["-tls1_2"])
            #expect(old.contains("alert protocol version"))
            #expect(
                try martlet.opensslClient(["-tls1_1", "-cipher", "ALL@SECLEVEL=0"]).contains("alert protocol version"))
            #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
            try martlet.waitForMetric("martlet_tls_handshakes_failed_total", 2)
        }
    }

    @Test func choosesTheCertificateByName() throws {
        let certificates = try TestCertificates()
        let first = try certificates.leaf(["default.test"])
        let exact = try certificates.leaf(["a.example.test"])
        let wild = try certificates.leaf(["*.example.test"])
        let rsa = try certificates.leaf(["a.example.test"], key: .rsa2048)
        let origin = try Origin()
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [first, exact, wild, rsa])) { martlet throws in
            #expect(try martlet.presentedSerial("a.example.test") == exact.serial)
            #expect(try martlet.presentedSerial("A.Example.Test") == exact.serial)
            #expect(try martlet.presentedSerial("b.example.test") == wild.serial)
            #expect(try martlet.presentedSerial("x.b.example.test") == first.serial)
            #expect(try martlet.presentedSerial("other.test") == first.serial)
            let onlyRSA = ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"]
            #expect(try martlet.presentedSerial("a.example.test", onlyRSA) == rsa.serial)
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func sessionsAreResumed(version: String) throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])])
        try withMartlet(config.replacing("workers: 1", with: "workers: 2")) { martlet throws in
            let port = try martlet.port(of: "tls")
            let file = martlet.folder.path("session")
            let request = "printf 'GET / HTTP/1.1\\r\\nHost: app.test\\r\\nConnection: close\\r\\n\\r\\n'"
            let client = "openssl s_client -connect 127.0.0.1:\(port) \(version) -servername app.test -ign_eof 2>&1"
            let first = try ChildProcess.run("sh", ["-c", "\(request) | \(client) -sess_out \(file)"])
            #expect(first.output.contains("200"))
            for _ in 0..<4 {
                let again = try ChildProcess.run("sh", ["-c", "\(request) | \(client) -sess_in \(file)"])
                #expect(again.output.contains("Reused, TLSv1."))
            }
            try martlet.waitForMetric("martlet_tls_handshakes_resumed_total", 4)
        }
    }

    @Test func largeContentPassesBothWays() throws {
        let certificates = try TestCertificates()
        let content = String(repeating: "0123456789abcdef", count: 400_000)
        let origin = try Origin { response(200, $0.method == "PUT" ? "\($0.content.count)" : content) }
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])])
        try withMartlet(config) { martlet throws in
            let file = try martlet.folder.write(content, to: "upload")
            #expect(try martlet.curl("app.test", "/", authority: certificates.authority) == content)
            let sent = try martlet.curl("app.test", "/", ["-T", file], authority: certificates.authority)
            #expect(sent == "\(content.utf8.count)")
            let slow = try martlet.curl(
                "app.test", "/", ["--limit-rate", "4M", "-o", "/dev/null", "-w", "%{size_download}"],
                authority: certificates.authority)
            #expect(slow == "\(content.utf8.count)")
        }
    }

    @Test func aRequestInClearIsRefusedAndCounted() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])])
        try withMartlet(config) { martlet throws in
            let socket = try martlet.connect(to: "tls")
            try socket.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n")
            _ = try socket.receiveUntilGone()
            try martlet.waitForMetric("martlet_tls_plain_requests_total", 1)
            #expect(origin.requests.isEmpty)
            #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
        }
    }

    @Test func theKeysAreLoggedWhereTheEnvironmentAsksForIt() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let config = SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])])
        let folder = try TestFolder()
        let martlet = try RunningMartlet(config, folder: folder, environment: ["SSLKEYLOGFILE": folder.path("keys")])
        _ = try martlet.curl("app.test", authority: certificates.authority)
        #expect(folder.read("keys")?.contains("SERVER_TRAFFIC_SECRET_0 ") == true)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("keys"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(martlet.errors.contains("SSLKEYLOGFILE"))
        try martlet.stop()
    }
}
