import Foundation
import MartletTestSupport
import Testing

/// From the command line to a proxy that serves, or does not.
@Suite struct StartTests {
    private func run(_ config: String, in folder: TestFolder) throws -> Ended {
        try program("run", folder.write(config, to: "martlet.yaml"))
    }

    @Test func aWrongConfigIsNotServed() throws {
        let folder = try TestFolder()
        let result = try run("listeners: [{address: 'unix:\(folder.path("s"))'}]\nroutes: 1\n", in: folder)
        #expect(result.has(code: 78) && result.output.isEmpty)
        #expect(result.errors.contains("martlet.yaml:2:9: error: "))
        #expect(!FileManager.default.fileExists(atPath: folder.path("s")))
        #expect(!result.errors.contains("listening"))
        #expect(try program("run", folder.path("nothing")).has(code: 78))
    }

    @Test func aWarningIsToldAndServed() throws {
        let config = Configs.proxy(to: ["127.0.0.1:1"], "  b: {servers: ['127.0.0.1:2']}\n")
        try withMartlet(config) { martlet in
            #expect(martlet.errors.contains("warning: no route leads to upstream 'b'"))
            let health = try martlet.admin("/healthz")
            #expect(health.text == "ok\n")
        }
    }

    @Test func anAddressInUseIsToldWithWhatToDo() throws {
        let other = try ScriptedServer { _, _ in }
        let folder = try TestFolder()
        let result = try run("listeners: [{address: '127.0.0.1:\(other.port)'}]\n", in: folder)
        #expect(result.has(code: 69))
        let line = "martlet: cannot listen on 127.0.0.1:\(other.port): Address already in use; another process has it"
        #expect(result.errors.contains(line), "\(result.errors)")
        #expect(result.errors.contains("`ss -ltnp`"))
    }

    /// Although the loops of one process share their port.
    @Test func aSecondProxyDoesNotTakePartOfTheClients() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { first in
            let config = Configs.proxy(to: origin.server).replacing(
                "127.0.0.1:0", with: "127.0.0.1:\(try first.port())", maxReplacements: 1)
            #expect(try run(config, in: TestFolder()).has(code: 69))
            #expect(try first.request("GET /").status == 200)
        }
    }

    @Test func anAccessLogThatCannotBeOpenedIsTold() throws {
        let folder = try TestFolder()
        let file = folder.path("none/a.log")
        let result = try run("listeners: [{address: '127.0.0.1:0'}]\naccessLog: {file: '\(file)'}\n", in: folder)
        #expect(result.has(code: 69))
        #expect(result.errors.contains("martlet: cannot open the access log \(file): No such file or directory\n"))
    }

    @Test func withoutAFileItServesSeveralServers() throws {
        let origins = try [Origin { _ in response(200, "a") }, Origin { _ in response(200, "b") }]
        let process = try ChildProcess(
            MartletBinary.path,
            [
                "proxy", "--listen", "127.0.0.1:0", "--to", origins.map(\.address).joined(separator: ","), "--workers",
                "1",
            ])
        let client = try TestSocket(port: try process.listeningPort())
        let answers = try (0..<10).map { _ in try client.exchange("GET /").text }
        // Nothing is known of either yet that would make it the better one.
        #expect(answers.count { $0 == "a" } == 5 && answers.count { $0 == "b" } == 5, "\(answers)")
        client.close()
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
        #expect(try process.output.split(separator: "\n").map { try AccessLogLine($0) }.count == 10)
    }

    @Test(arguments: ["combined", "off"])
    func theAccessLogOfAProxyWithoutAFileIsAsWanted(form: String) throws {
        let origin = try Origin()
        let process = try ChildProcess(
            MartletBinary.path,
            ["proxy", "--listen", "127.0.0.1:0", "--to", origin.address, "--access-log", form])
        _ = try TestSocket(port: try process.listeningPort()).exchange("GET /a")
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
        #expect(process.output.contains("\"GET /a HTTP/1.1\" 200 ") == (form == "combined"))
        #expect(process.output.isEmpty == (form == "off"))
    }

    @Test func workersAreAsManyAsAskedFor() throws {
        let origin = try Origin()
        let martlet = try RunningMartlet(Configs.proxy(to: origin.server), ["--workers", "2"])
        #expect(martlet.errors.contains("workers=2"))
        for number in 0..<20 { #expect(try martlet.request("GET /\(number)").text == "/\(number)") }
        try martlet.stop()
        #expect(martlet.errors.hasSuffix("stopped\n"))
    }
}
