// What an authority says of a certificate, stapled: fetched from a responder, and from a file.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20)))
struct StaplingTests {
    private let root: TestCertificates
    /// It issues, and its certificate comes with the leaf's.
    private let authority: TestCertificates
    private let origin: Origin

    init() throws {
        root = try TestCertificates()
        authority = try TestCertificates("Issuing Authority", issuedBy: root)
        origin = try Origin()
    }

    /// Starts a responder, and issues a certificate that names it.
    private func responder() throws -> (process: ChildProcess, leaf: TestCertificates.Leaf) {
        var last: (any Error)?
        for _ in 0..<4 {
            // Somebody else may have it in a moment; then there is another try.
            let port = try { try ReservedPort().port }()
            let leaf = try authority.leaf(
                ["app.test"], extensions: ["authorityInfoAccess=OCSP;URI:http://127.0.0.1:\(port)/"])
            do {
                let process = try ChildProcess(
                    "sh",
                    [
                        "-c",
                        """
                        cd '\(authority.folder)' && exec openssl ocsp -port \(port) -index index.txt -CA ca.pem \
                        -rsigner ca.pem -rkey ca.key -ndays 1 2>&1
                        """,
                    ])
                try process.waitForOutput(containing: "waiting for OCSP client connections")
                return (process, leaf)
            } catch { last = error }
        }
        throw last ?? TestFailure("no responder")
    }

    private func config(_ leaf: TestCertificates.Leaf, _ ocsp: String) -> String {
        SecureConfigs.proxy(to: [origin.address], [leaf]).replacing(
            "key: \(leaf.key)}", with: "key: \(leaf.key), ocsp: \(ocsp)}")
    }

    @Test func aResponseIsFetchedAndReachesClients() throws {
        let (process, leaf) = try responder()
        try withMartlet(config(leaf, "fetch")) { martlet throws in
            try eventually("a stapled response") {
                try martlet.opensslClient(["-status", "-servername", "app.test"]).contains("Cert Status: good")
            }
            let seen = try martlet.opensslClient(["-status", "-servername", "app.test"])
            #expect(seen.contains("OCSP Response Status: successful (0x0)"))
            // A client that insists on it verifies it as well.
            #expect(try martlet.curl("app.test", "/", ["--cert-status"], authority: root.authority) == "/")
            try martlet.waitForMetric("martlet_ocsp_responses_total", 1)

            // The responder goes away, and the certificate's file is written anew: the response is still good.
            process.signal(SIGKILL)
            _ = try process.wait()
            let text = try String(contentsOfFile: leaf.chain, encoding: .utf8)
            try (text + "\n").write(toFile: leaf.chain, atomically: true, encoding: .utf8)
            try martlet.waitForMetric("martlet_certificate_reloads_total", 1)
            try eventually("a failure") { try martlet.metrics["martlet_ocsp_failures_total"] ?? 0 >= 1 }
            try martlet.process.waitForOutput(
                containing: "no OCSP response: no answer from the responder", on: .errors)
            #expect(try martlet.curl("app.test", "/", ["--cert-status"], authority: root.authority) == "/")
            #expect(try martlet.metrics["martlet_ocsp_responses_lost_total"] == 0)
        }
    }

    @Test func aResponseFromAFileIsCheckedAtTheStartAndWhenItChanges() throws {
        let leaf = try authority.leaf(["app.test"])
        let other = try authority.leaf(["other.test"])
        let good = try authority.ocspResponse(for: leaf)
        let wrong = try authority.ocspResponse(for: other)
        let path = authority.folder + "/staple.der"
        try Data(wrong).write(to: URL(filePath: path))
        let folder = try TestFolder()
        let file = try folder.write(config(leaf, path), to: "martlet.yaml")
        let (exit, _, errors) = try ChildProcess.run(MartletBinary.path, ["run", file])
        #expect(exit == .code(78) && errors.contains("'\(path)' is of no use: it is about another certificate"))

        try Data(good).write(to: URL(filePath: path))
        try withMartlet(config(leaf, path)) { martlet throws in
            let arguments = ["--cert-status"]
            #expect(try martlet.curl("app.test", "/", arguments, authority: root.authority) == "/")
            try Data(wrong).write(to: URL(filePath: path), options: .atomic)
            try martlet.waitForMetric("martlet_certificate_reload_failures_total", 1)
            try martlet.process.waitForOutput(containing: "it is about another certificate", on: .errors)
            #expect(try martlet.curl("app.test", "/", arguments, authority: root.authority) == "/")
        }
    }
}
