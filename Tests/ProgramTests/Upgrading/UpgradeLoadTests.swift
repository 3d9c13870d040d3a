import Foundation
import Glibc
import MartletTestSupport
import Testing

/// Upgrades while real clients are served by HTTP/2 over TLS.
@Suite(.timeLimit(.minutes(20))) struct UpgradeLoadTests {
    private func stage(_ certificates: TestCertificates, _ origin: Origin) throws -> Generations {
        try Generations(SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])]))
    }

    @Test(.enabled(if: MartletBinary.hasProgram("h2load")), arguments: [("h2", 1), ("h2", 4), ("http/1.1", 1)])
    func threeInARowAndNoFailedRequestOfH2load(protocol name: String, streams: Int) throws {
        let (certificates, origin) = (try TestCertificates(), try Origin())
        let generations = try stage(certificates, origin)
        // The next process reads its files.
        defer { withExtendedLifetime(certificates) {} }
        // It does not come back on another connection when it is told to leave: each process has a load of its own.
        for _ in 1...3 {
            let before = origin.requests.count
            let load = try ChildProcess(
                "h2load",
                [
                    "-t1", "-c8", "-m\(streams)", "-D4", "--npn-list=\(name)",
                    "https://127.0.0.1:\(try generations.martlet.port(of: "tls"))/load",
                ])
            _ = try origin.waitForRequests(before + 100)
            try generations.upgrade()
            #expect(try load.wait(.seconds(120)) == .code(0))
            let line = load.output.split(separator: "\n").first { $0.hasPrefix("requests:") } ?? ""
            let counts = line.split(separator: ",").compactMap { part in
                part.split(separator: " ").compactMap { Int($0) }.first
            }
            // total, started, done, succeeded, failed, errored, timeout
            try #require(counts.count == 7, "\(load.output)")
            #expect(counts[2] >= 100 && counts[2] == counts[3] && counts[6] == 0, "\(line)")
            let statuses = load.output.split(separator: "\n").first { $0.hasPrefix("status codes:") } ?? ""
            #expect(statuses == "status codes: \(counts[3]) 2xx, 0 3xx, 0 4xx, 0 5xx", "\(statuses)")
        }
        try generations.stop()
    }

    @Test(.enabled(if: MartletBinary.hasProgram("curl")), arguments: ["--http2", "--http1.1"])
    func threeInARowAndNoFailedRequestOfCurl(version: String) throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let generations = try stage(certificates, origin)
        let port = try generations.martlet.port(of: "tls")
        let count = 2_000
        let curl = try ChildProcess(
            "curl",
            [
                "-sS", version, "--cacert", certificates.authority, "--resolve", "app.test:\(port):127.0.0.1",
                "-o", "/dev/null", "-w", "%{http_code} %{num_connects}\\n", "https://app.test:\(port)/[1-\(count)]",
            ])
        for round in 1...3 {
            _ = try origin.waitForRequests(50 * round)
            try generations.upgrade()
        }
        #expect(try curl.wait(.seconds(120)) == .code(0), "\(curl.errors)")
        let lines = curl.output.split(separator: "\n")
        #expect(lines.count == count && lines.allSatisfy { $0.hasPrefix("200 ") }, "\(curl.errors)")
        // One connection for each process, and no more than those.
        #expect(lines.count { $0.hasSuffix(" 1") } <= 4)
        try generations.stop()
    }
}
