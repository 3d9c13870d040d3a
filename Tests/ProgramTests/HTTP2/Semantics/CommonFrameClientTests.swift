// Clients of HTTP/2 that everybody uses, where a machine has them.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CommonFrameClientTests {
    private static let hasCurl = MartletBinary.hasProgram("curl")
    private static let hasH2load = MartletBinary.hasProgram("h2load")

    /// What curl says of requests by HTTP/2, with the version behind it.
    private static func curl(
        _ server: FrameServer, _ arguments: [String], authority: String, path: String = "/"
    ) throws -> String {
        let way = server.isSecure ? ["--http2", "--cacert", authority] : ["--http2-prior-knowledge"]
        let all = ["-sS", "--max-time", "20", "-w", " %{http_version}"] + way + arguments + ["\(server)\(path)"]
        let (exit, output, errors) = try ChildProcess.run("curl", all, .seconds(30))
        if exit != .code(0) { throw TestFailure("curl: \(exit) \(errors)") }
        return output
    }

    @Test(.enabled(if: hasCurl, "curl is not installed"), arguments: [false, true])
    func curlGetsAndPosts(isSecure: Bool) throws {
        let stage = try FrameStage { response(200, "\($0.method) \($0.content.count) \($0["Cookie"] ?? "")") }
        try withMartlet(stage.config()) { martlet in
            let server = try martlet.frames(isSecure)
            func curl(_ arguments: String...) throws -> String {
                try Self.curl(server, arguments, authority: stage.certificates.authority)
            }
            #expect(try curl() == "GET 0  2")
            #expect(try curl("-I").hasPrefix("HTTP/2 200 "))
            #expect(try curl("-d", "hello") == "POST 5  2")
            #expect(try curl("-X", "DELETE") == "DELETE 0  2")
            #expect(try curl("-b", "a=1; b=2") == "GET 0 a=1; b=2 2")
            #expect(try curl("-H", "Expect: 100-continue", "-d", "hello") == "POST 5  2")
        }
    }

    @Test(.enabled(if: hasCurl, "curl is not installed"), arguments: [false, true])
    func curlUploadsAndDownloads(isSecure: Bool) throws {
        let much = String(repeating: "0123456789abcdef", count: 400_000)
        let stage = try FrameStage { response(200, $0.method == "PUT" ? "\($0.content.count)" : much) }
        try withMartlet(stage.config()) { martlet in
            let server = try martlet.frames(isSecure)
            let authority = stage.certificates.authority
            let file = try martlet.folder.write(much, to: "upload")
            #expect(try Self.curl(server, ["-T", file], authority: authority, path: "/put") == "\(much.utf8.count) 2")
            #expect(try Self.curl(server, [], authority: authority) == much + " 2")
            let slow = ["--limit-rate", "4M", "-o", "/dev/null", "-w", "%{size_download}"]
            #expect(try Self.curl(server, slow, authority: authority) == "\(much.utf8.count)")
        }
    }

    /// Over TLS curl asks for HTTP/2 by itself; in clear it asks for an upgrade that has been abandoned (RFC 9113 section 3.1).
    @Test(.enabled(if: hasCurl, "curl is not installed")) func bothVersionsShareAListener() throws {
        let stage = try FrameStage()
        try withMartlet(stage.config()) { martlet throws in
            func version(_ isSecure: Bool, _ way: String) throws -> String {
                let arguments = ["-sS", "--max-time", "8", "-w", "%{http_version}", "-o", "/dev/null", way, "-k"]
                return try ChildProcess.run("curl", arguments + ["\(try martlet.frames(isSecure))/"]).output
            }
            for (way, result) in [("--http2", "2"), ("--http1.1", "1.1"), ("--no-alpn", "1.1")] {
                #expect(try version(true, way) == result, "\(way)")
            }
            for (way, result) in [("--http2", "1.1"), ("--http1.1", "1.1"), ("--http2-prior-knowledge", "2")] {
                #expect(try version(false, way) == result, "\(way)")
            }
            #expect(stage.origin.requests.allSatisfy { $0["Upgrade"] == nil && $0["HTTP2-Settings"] == nil })
        }
    }

    @Test(.enabled(if: hasH2load, "h2load is not installed"), arguments: [false, true])
    func h2loadGetsAllItsAnswers(isSecure: Bool) throws {
        let stage = try FrameStage { _ in response(200, "1234567890") }
        try withMartlet(stage.config("accessLog: off")) { martlet in
            let arguments = ["-n", "4000", "-c", "8", "-m", "32", "\(try martlet.frames(isSecure))/"]
            let (exit, output, _) = try ChildProcess.run("h2load", arguments, .seconds(60))
            #expect(exit == .code(0))
            #expect(output.contains("4000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(output)")
            #expect(stage.origin.requests.count == 4_000)
            try martlet.waitForMetric("martlet_responses_total{class=\"2xx\"}", 4_000)
        }
    }

    @Test(.enabled(if: hasH2load, "h2load is not installed")) func h2loadUploads() throws {
        let stage = try FrameStage { response(200, "\($0.content.count)") }
        try withMartlet(stage.config("accessLog: off")) { martlet in
            let file = try martlet.folder.write(String(repeating: "x", count: 300_000), to: "data")
            let arguments = ["-n", "200", "-c", "4", "-m", "8", "-d", file, "\(try martlet.frames())/"]
            let (exit, output, _) = try ChildProcess.run("h2load", arguments, .seconds(60))
            #expect(exit == .code(0))
            #expect(output.contains("200 succeeded, 0 failed, 0 errored, 0 timeout"), "\(output)")
            #expect(stage.origin.requests.allSatisfy { $0.content.count == 300_000 })
        }
    }
}
