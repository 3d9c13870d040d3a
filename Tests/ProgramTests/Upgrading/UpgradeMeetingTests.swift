import Foundation
import Glibc
import MartletTestSupport
import Testing

/// Upgrades that meet reloads, changes of servers, and signals.
@Suite(.timeLimit(.minutes(20))) struct UpgradeMeetingTests {
    private static func config(_ mark: String, _ server: String, _ more: String = "") -> String {
        """
        listeners: [{address: '127.0.0.1:0', name: web}]
        routes: [{path: /mark, respond: {body: '\(mark)'}}, {upstream: app}]
        upstreams: {app: {servers: ['\(server)'], check: {path: /health, before: down, timeout: 20s, interval: 30s}}}
        \(more)
        """
    }

    private static func mark(_ martlet: RunningMartlet) throws -> String { try martlet.request("GET /mark").text }

    /// A server whose checks tell that a process has read its config, and keep it from being ready for a while.
    private static func silentServer() throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.receiveUntilGone()
        }
    }

    @Test func aReloadWhileTheNewProcessGetsReadyIsForThat() throws {
        let server = try Self.silentServer()
        let generations = try Generations(Self.config("one", server.address))
        let martlet = generations.martlet
        #expect(server.waitForConnections(1))
        martlet.process.signal(SIGUSR2)
        // The new process has read the config by now, and is not ready yet.
        #expect(server.waitForConnections(2))
        try martlet.folder.write(Self.config("two", server.address), to: "martlet.yaml")
        martlet.process.signal(SIGHUP)
        try generations.waitForTakeover(0)
        try eventually("the new process has the new config", .seconds(60)) { try Self.mark(martlet) == "two" }
        try generations.stop()
    }

    @Test func aFileThatIsSavedWhileTheNewProcessGetsReadyIsNoticed() throws {
        let server = try Self.silentServer()
        let place = try ProgramPlace()
        let martlet = try RunningMartlet(Self.config("one", server.address), ["--watch"], at: place)
        let generations = Generations(martlet)
        #expect(server.waitForConnections(1))
        martlet.process.signal(SIGUSR2)
        #expect(server.waitForConnections(2))
        try martlet.folder.write(Self.config("two", server.address), to: "martlet.yaml")
        try generations.waitForTakeover(0)
        try eventually("the new process has the new config", .seconds(60)) { try Self.mark(martlet) == "two" }
        try generations.stop()
    }

    @Test func aReloadWaitsForTheEndOfAnUpgradeThatFails() throws {
        let place = try ProgramPlace()
        let generations = try Generations(Self.config("one", "127.0.0.1:1"), place)
        let martlet = generations.martlet
        try place.put(script: ProgramPlace.waiting.replacing("exec PROGRAM \"$@\"", with: "exit 9"))
        martlet.process.signal(SIGUSR2)
        try eventually("the new process", .seconds(60)) { place.folder.read("waiting") != nil }
        try martlet.folder.write(Self.config("two", "127.0.0.1:1"), to: "martlet.yaml")
        let reload = try ChildProcess(
            MartletBinary.path, ["reload"], environment: ["RUNTIME_DIRECTORY": martlet.folder.path])
        martlet.process.signal(SIGHUP)
        // It waits: what is in force is what the new process is told of.
        #expect(try (0..<20).allSatisfy { _ in try Self.mark(martlet) == "one" })
        try place.folder.write("", to: "go")
        #expect(try reload.wait(.seconds(60)) == .code(0))
        #expect(generations.failures == 1)
        #expect(try Self.mark(martlet) == "two")
        try generations.stop()
    }

    @Test func changesOfServersWaitAndAreNotLost() throws {
        let origin = try Origin()
        let place = try ProgramPlace()
        let generations = try Generations(Configs.operated([origin.address]), place)
        let martlet = generations.martlet
        let server = "POST /v1/upstreams/app/servers"
        for isGood in [false, true] {
            try? FileManager.default.removeItem(atPath: place.folder.path("go"))
            try? FileManager.default.removeItem(atPath: place.folder.path("waiting"))
            let end = isGood ? "exec PROGRAM \"$@\"" : "exit 9"
            try place.put(script: ProgramPlace.waiting.replacing("exec PROGRAM \"$@\"", with: end))
            kill(generations.current, SIGUSR2)
            try eventually("the new process", .seconds(60)) { place.folder.read("waiting") != nil }
            let socket = try TestSocket(path: martlet.socketPath)
            let content = "{\"address\": \"127.0.0.1:\(isGood ? 2 : 1)\", \"state\": \"maintenance\"}"
            try socket.send(
                requestText(server, ["Host: localhost", "Content-Type: application/json"], content: content))
            // What only looks does not wait.
            #expect(try martlet.ask("GET /v1/servers").objects.count == 1 + (isGood ? 1 : 0))
            try place.folder.write("", to: "go")
            let answer = try socket.readResponse(to: "POST")
            if isGood {
                #expect(answer.status == 503 && answer.text.contains("ask again") && answer["Retry-After"] == "1")
                try generations.waitForTakeover(0)
                #expect(try martlet.ask(server, json: content).status == 201)
            } else {
                #expect(answer.status == 201, "\(answer.text)")
            }
        }
        #expect(try martlet.ask("GET /v1/servers").objects.count == 3)
        try generations.stop()
    }

    @Test func aReloadAndAnUpgradeAtOnceDoBoth() throws {
        let origin = try Origin()
        let generations = try Generations(Self.config("0", origin.address))
        let martlet = generations.martlet
        let clients = SteadyClients(2, port: try martlet.port())
        for round in 1...3 {
            try martlet.folder.write(Self.config("\(round)", origin.address), to: "martlet.yaml")
            let before = generations.takeovers
            kill(generations.current, SIGHUP)
            kill(generations.current, SIGUSR2)
            try generations.waitForTakeover(before)
            try eventually("config \(round)", .seconds(60)) { try Self.mark(martlet) == "\(round)" }
        }
        #expect(clients.stop() == [])
        try generations.stop()
    }

    @Test func whoIsToldToEndBreaksAnUpgradeOff() throws {
        let place = try ProgramPlace()
        let generations = try Generations(Configs.operated(["127.0.0.1:1"]), place)
        let martlet = generations.martlet
        try place.put(script: ProgramPlace.waiting)
        martlet.process.signal(SIGUSR2)
        try eventually("the new process", .seconds(60)) { place.folder.read("waiting") != nil }
        let successor = try #require(place.folder.read("waiting").flatMap { Int32($0.dropLast()) })
        martlet.process.signal(SIGTERM)
        let exit = try martlet.process.wait(.seconds(60))
        #expect(exit == .code(0))
        #expect(martlet.errors.contains("no upgrade: this process goes on") && martlet.errors.contains("about to end"))
        #expect(kill(successor, 0) != 0 && errno == ESRCH, "the new process is gone as well")
    }

    @Test func whoIsToldToEndAfterItDrains() throws {
        let server = try ScriptedServer.webSockets()
        let generations = try Generations(Configs.proxy(to: [server.address]))
        let martlet = generations.martlet
        let socket = try martlet.openWebSocket()
        try generations.upgrade()
        // The old process still has a WebSocket. A signal ends it at once, and the new one serves on.
        martlet.process.signal(SIGTERM)
        try eventually("the old process ends", .seconds(60)) { !martlet.process.isRunning }
        socket.socket.close()
        #expect(try WebSocket.open(try martlet.connect(), "/ws").socket.port != 0)
        kill(generations.current, SIGTERM)
        #expect(try martlet.process.wait(.seconds(60)) == .code(128 + SIGTERM))
    }
}
