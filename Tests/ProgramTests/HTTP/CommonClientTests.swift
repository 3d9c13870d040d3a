// Clients that everybody uses, where a machine has them.
import Foundation
import MartletTestSupport
import Testing

@Suite struct CommonClientTests {
    private static let hasCurl = MartletBinary.hasProgram("curl")
    private static let hasH2load = MartletBinary.hasProgram("h2load")

    private static func curl(_ arguments: [String]) throws -> String {
        let (exit, output, errors) = try ChildProcess.run("curl", ["-sS", "--max-time", "8"] + arguments)
        if exit != .code(0) { throw TestFailure("curl: \(exit) \(errors)") }
        return output
    }

    @Test(.enabled(if: hasCurl, "curl is not installed"))
    func curlGetsAndPosts() throws {
        let origin = try Origin { response(200, "\($0.method) \($0.content.count)") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            #expect(try Self.curl([url]) == "GET 0")
            #expect(try Self.curl([url, "-I"]).hasPrefix("HTTP/1.1 200 "))
            #expect(try Self.curl([url, "-d", "hello"]) == "POST 5")
            #expect(try Self.curl([url, "-0"]) == "GET 0")
            #expect(try Self.curl([url, "-H", "Transfer-Encoding: chunked", "-d", "hello"]) == "POST 5")
            #expect(try Self.curl([url + "a", url + "b"]) == "GET 0GET 0")
        }
    }

    /// curl waits for 100 (Continue) before a content of more than 1 MiB.
    @Test(.enabled(if: hasCurl, "curl is not installed"))
    func curlUploadsAFile() throws {
        let origin = try Origin { response(200, "\($0.content.count) \($0["Expect"] ?? "")") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let file = try martlet.folder.write(String(repeating: "x", count: 3_000_000), to: "upload")
            let url = "http://127.0.0.1:\(try martlet.port())/"
            #expect(try Self.curl([url, "-T", file, "--expect100-timeout", "0.05"]).hasPrefix("3000000 "))
            #expect(try Self.curl([url, "-T", file, "-H", "Expect:"]) == "3000000 ")
        }
    }

    @Test(.enabled(if: hasCurl, "curl is not installed"))
    func curlSeesACutResponseAsAnError() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            #expect(throws: TestFailure.self) { try Self.curl([url]) }
        }
    }

    @Test(.enabled(if: hasH2load, "h2load is not installed"))
    func h2loadGetsAllItsAnswers() throws {
        let origins = [
            try Origin { _ in response(200, "1234567890") }, try Origin { _ in response(200, "1234567890") },
        ]
        let config = Configs.proxy(to: origins.map(\.address), workers: 2)
        try withMartlet(config) { martlet in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            let arguments = ["--h1", "-n", "4000", "-c", "64", "-m", "4", url]
            let (exit, output, _) = try ChildProcess.run("h2load", arguments, .seconds(30))
            #expect(exit == .code(0))
            #expect(output.contains("4000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(output)")
            #expect(origins.allSatisfy { $0.requests.count > 1_000 })
        }
    }
}
