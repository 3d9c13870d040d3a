import Foundation
import Glibc
import MartletTestSupport
import Testing

/// The program is replaced while it runs.
@Suite(.timeLimit(.minutes(20))) struct BinaryUpgradeTests {
    @Test func fiveUpgradesUnderLoadAndNoFailedRequest() throws {
        let origin = try Origin()
        let generations = try Generations(Configs.proxy(to: [origin.address], workers: 2))
        let clients = SteadyClients(6, port: try generations.martlet.port())
        for _ in 0..<5 {
            try clients.waitForMore(50)
            try generations.upgrade()
        }
        try clients.waitForMore(50)
        #expect(clients.stop() == [])
        // The admin listener is the new process's, which has been told of all the others.
        #expect(try generations.martlet.metrics["martlet_binary_upgrades_total{outcome=\"done\"}"] == 5)
        try generations.stop()
        #expect(generations.martlet.errors.components(separatedBy: " stopped\n").count == 7)
    }

    @Test func aWebSocketLivesOnInTheOldProcess() throws {
        let server = try ScriptedServer.webSockets()
        let generations = try Generations(Configs.proxy(to: [server.address]))
        let old = try generations.martlet.openWebSocket()
        try generations.upgrade()
        try old.send(WebSocketFrame(.text, Array("still here".utf8)))
        #expect(try old.receiveText() == "still here")
        #expect(try WebSocket.open(try generations.martlet.connect(), "/ws").socket.port != 0)
        old.socket.close()
        try eventually("the old process ends", .seconds(60)) { generations.martlet.errors.contains(" stopped\n") }
        try generations.stop()
    }

    @Test func theFileOfAUnixSocketIsTheNewProcesss() throws {
        let config = "listeners: [{address: 'unix:FOLDER/web'}]\nadmin: {address: 'unix:FOLDER/admin'}\n"
        let generations = try Generations(config)
        let folder = generations.martlet.folder
        try generations.upgrade()
        try eventually("the old process ends", .seconds(60)) { generations.martlet.errors.contains(" stopped\n") }
        #expect(try TestSocket(path: folder.path("web")).exchange("GET /").status == 404)
        #expect(try TestSocket(path: folder.path("admin")).exchange("GET /healthz").status == 200)
        try generations.stop()
        #expect(!FileManager.default.fileExists(atPath: folder.path("web")))
        #expect(!FileManager.default.fileExists(atPath: folder.path("admin")))
    }

    @Test func aConfigThatIsBrokenNowChangesNothing() throws {
        let origin = try Origin()
        let generations = try Generations(Configs.proxy(to: [origin.address]))
        let martlet = generations.martlet
        let client = try martlet.connect()
        #expect(try client.exchange("GET /").status == 200)
        try martlet.folder.write("listeners: [{adress: ':1'}]\n", to: "martlet.yaml")
        martlet.process.signal(SIGUSR2)
        try martlet.process.waitForOutput(containing: "no upgrade: this process goes on", on: .errors, .seconds(120))
        #expect(martlet.errors.contains("ended with exit code 78") && martlet.errors.contains("adress"))
        // Not even a connection has noticed.
        #expect(try client.exchange("GET /").status == 200)
        #expect(try martlet.metrics["martlet_binary_upgrades_total{outcome=\"failed\"}"] == 1)
        try generations.stop()
    }

    /// Something else is where the program was.
    @Test(arguments: [("exit 3", "ended with exit code 3"), ("echo odd >&2; exec sleep 600", "was not ready after")])
    func aProgramThatDoesNotGetReadyChangesNothing(script: String, reason: String) throws {
        let folder = try TestFolder()
        let program = folder.path("martlet")
        try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: MartletBinary.path)
        let config = "listeners: [{address: '127.0.0.1:0', name: web}]\ntimeouts: {upgrade: 1s}\n"
        let process = try ChildProcess(program, ["run", try folder.write(config, to: "martlet.yaml")])
        let port = try process.listeningPort()
        try process.waitForOutput(containing: " notice started ", on: .errors)
        try FileManager.default.removeItem(atPath: program)
        try folder.script(script, named: "martlet")
        process.signal(SIGUSR2)
        try process.waitForOutput(containing: "no upgrade: this process goes on", on: .errors, .seconds(120))
        #expect(process.errors.contains(reason))
        #expect(try TestSocket(port: port).exchange("GET /").status == 404)
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
    }

    @Test func theCommandWaitsForTheNewProcess() throws {
        let folder = try TestFolder()
        let config = try folder.write("listeners: [{address: '127.0.0.1:0', name: web}]\n", to: "martlet.yaml")
        let pid = folder.path("pid")
        let process = try ChildProcess(MartletBinary.path, ["run", config, "--pid-file", pid])
        try process.waitForOutput(containing: " notice started ", on: .errors)
        #expect(folder.read("pid") == "\(process.id)\n")
        let result = try ChildProcess.run(MartletBinary.path, ["upgrade", "--pid-file", pid], .seconds(120))
        #expect(result.exit == .code(0) && result.output.contains("from process \(process.id)"))
        let after = try #require(folder.read("pid").flatMap { Int32($0.dropLast()) })
        #expect(after != process.id)
        kill(after, SIGTERM)
        #expect(try process.wait(.seconds(60)) == .code(0))
        #expect(folder.read("pid") == nil)
        let failed = try ChildProcess.run(MartletBinary.path, ["upgrade", "--pid-file", pid])
        #expect(failed.exit == .code(69))
    }
}
