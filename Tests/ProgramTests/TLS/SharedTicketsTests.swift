// Several proxies that take each other's tickets.
import Foundation
import MartletTestSupport
import Testing

@Suite struct SharedTicketsTests {
    private let certificates: TestCertificates
    private let origin: Origin

    init() throws {
        certificates = try TestCertificates()
        origin = try Origin()
    }

    private func path(_ name: String) -> String { certificates.folder + "/" + name }

    /// Whether a client that asks `martlet` for something came back with the session in `file`; the session that it has then
    /// is written to `kept`.
    private func comesBack(
        _ martlet: RunningMartlet, _ version: String, _ file: String?, keeping kept: String? = nil
    ) throws -> Bool {
        let request = "printf 'GET / HTTP/1.1\\r\\nHost: app.test\\r\\nConnection: close\\r\\n\\r\\n'"
        let client =
            "openssl s_client -connect 127.0.0.1:\(try martlet.port(of: "tls")) \(version) -servername app.test"
        let session = (file.map { " -sess_in \(path($0))" } ?? "") + (kept.map { " -sess_out \(path($0))" } ?? "")
        let result = try ChildProcess.run("sh", ["-c", "\(request) | \(client) -ign_eof\(session) 2>&1"])
        if !result.output.contains("HTTP/1.1 200 ") { throw TestFailure(result.output) }
        return result.output.contains("Reused, TLSv1.")
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func aFleetSharesItsKeys(version: String) throws {
        func make(_ name: String, _ count: Int) throws { try certificates.run("openssl rand -out \(name) \(count)") }
        // As a tool that rotates keys does it, which never leaves half a file.
        func copy(_ one: String, to other: String) throws {
            try certificates.run("cp \(one) \(other).new && mv \(other).new \(other)")
        }
        for (name, count) in [("x", 80), ("y", 48), ("z", 80)] { try make(name, count) }
        try copy("x", to: "first")
        try copy("y", to: "second")
        let tickets = "tickets: {keys: [\(path("first")), \(path("second"))]}"
        let config = SecureConfigs.proxy(
            to: [origin.address], [try certificates.leaf(["app.test"])], tls: [tickets])
        try withMartlet(config) { one throws in
            try withMartlet(config) { other throws in
                #expect(try !comesBack(one, version, nil, keeping: "old"))
                #expect(try comesBack(other, version, "old"))
                #expect(try comesBack(one, version, "old"))
                // The next key comes to all of them; what has the one before is still taken.
                try copy("x", to: "second")
                try copy("z", to: "first")
                for martlet in [one, other] {
                    try eventually("the next keys", .seconds(30)) {
                        try martlet.metrics["martlet_certificate_reloads_total", default: 0] >= 1
                    }
                }
                for martlet in [one, other] { #expect(try comesBack(martlet, version, "old")) }
                // The key is withdrawn.
                try copy("z", to: "second")
                for martlet in [one, other] {
                    try eventually("the old key is gone", .seconds(30)) { try !comesBack(martlet, version, "old") }
                }
                #expect(try !comesBack(one, version, nil, keeping: "new"))
                #expect(try comesBack(other, version, "new"))
            }
        }
    }
}
