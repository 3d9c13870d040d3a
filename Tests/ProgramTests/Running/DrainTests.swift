import Foundation
import MartletTestSupport
import Testing

/// The end of the program: nobody is disturbed by it, and it comes.
@Suite(.timeLimit(.minutes(20))) struct DrainTests {
    private func startSlow(_ martlet: RunningMartlet) throws -> TestSocket {
        let client = try martlet.connect()
        try client.send(requestText("GET /slow"))
        _ = try client.receive(until: "half")
        return client
    }

    /// Waits until nobody listens any more.
    private func waitForDrain(_ martlet: RunningMartlet) throws {
        let port = try martlet.port()
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        try eventually("nobody listens") { !isListening(port) }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func whatIsGoingOnIsFinished(signal: Int32) throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server))
        let slow = try startSlow(martlet)
        martlet.process.signal(signal)
        try waitForDrain(martlet)
        #expect(martlet.process.isRunning)
        gate.open()
        #expect(String(decoding: try slow.receiveUntilEnd(), as: UTF8.self) == "half")
        #expect(try martlet.process.wait() == .code(0))
        #expect(martlet.errors.hasSuffix("stopped\n"))
        #expect(try martlet.accessLog.map { $0["status"] } == ["200"])
    }

    /// A request that comes on a connection that is open is answered, and told that it was the last.
    @Test func connectionsAreToldToClose() throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server))
        let slow = try startSlow(martlet)
        let client = try martlet.connect()
        #expect(try client.exchange("GET /1")["Connection"] == nil)
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        let last = try client.exchange("GET /2")
        #expect(last.status == 200 && last["Connection"] == "close")
        #expect(try client.receiveUntilEnd() == [])
        gate.open()
        _ = try slow.receiveUntilEnd()
        #expect(try martlet.process.wait() == .code(0))
    }

    /// They are closed after a moment for requests on their way, which is not the client's fault and not counted as such.
    @Test func idleConnectionsAreClosed() throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server))
        let slow = try startSlow(martlet)
        let (used, unused) = (try martlet.connect(), try martlet.connect())
        #expect(try used.exchange("GET /").status == 200)
        // The admin listener drains, too: it is asked before the end only.
        let before = try martlet.metrics["martlet_timeouts_total{kind=\"idle\"}"]
        martlet.process.signal(SIGTERM)
        #expect(try used.receiveUntilEnd() == [])
        #expect(try unused.receiveUntilEnd() == [])
        #expect(before == 0)
        gate.open()
        _ = try slow.receiveUntilEnd()
        #expect(try martlet.process.wait() == .code(0))
    }

    @Test func withNothingToDoItEndsAtOnce() throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server, "timeouts: {drain: 1h}\n"))
        #expect(try martlet.request("GET /").status == 200)
        try martlet.stop()
        #expect(gate.server.waitForScripts(), "connections to servers are closed as well")
    }

    @Test func theDeadlineCuts() throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server, "timeouts: {drain: 300ms}\n"))
        let slow = try startSlow(martlet)
        martlet.process.signal(SIGTERM)
        #expect(try martlet.process.wait() == .code(0))
        #expect(try slow.receiveUntilGone().bytes == [], "half a response is not made a whole one")
        #expect(martlet.errors.contains("the time for draining is over: exchanges are cut"))
        gate.open()
    }

    @Test func aDeadlineOfZeroCutsAtOnce() throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server, "timeouts: {drain: 0s}\n"))
        let slow = try startSlow(martlet)
        martlet.process.signal(SIGTERM)
        #expect(try martlet.process.wait() == .code(0))
        _ = try slow.receiveUntilGone()
        gate.open()
    }

    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func aSecondSignalEndsAtOnce(signal: Int32, code: Int32) throws {
        let gate = try SlowOrigin(sendsHalf: true)
        let martlet = try RunningMartlet(Configs.proxy(to: gate.server, "timeouts: {drain: 1h}\n"))
        let slow = try startSlow(martlet)
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        martlet.process.signal(signal)
        #expect(try martlet.process.wait() == .code(code))
        #expect(martlet.errors.contains("second signal: exchanges are cut"))
        _ = try slow.receiveUntilGone()
        gate.open()
    }

    @Test func theSocketFilesOfListenersAreRemoved() throws {
        let config = "listeners: [{address: 'unix:FOLDER/web'}]\nadmin: {address: 'unix:FOLDER/admin'}\n"
        let martlet = try RunningMartlet(config)
        #expect(try TestSocket(path: martlet.folder.path("web")).exchange("GET /").status == 404)
        try martlet.stop()
        #expect(!FileManager.default.fileExists(atPath: martlet.folder.path("web")))
        #expect(!FileManager.default.fileExists(atPath: martlet.folder.path("admin")))
    }
}
