import MartletTestSupport
import Testing

/// What load balancers go by.
@Suite(.timeLimit(.minutes(20))) struct ReadinessTests {
    /// It says that it is not ready as soon as it is told, and serves new connections for as long as it was told: whoever looks once a
    /// second sees the one before the other comes.
    @Test func itIsNotReadyBeforeItDrains() throws {
        let origin = try Origin()
        let martlet = try RunningMartlet(Configs.operated([origin.address]))
        let admin = try TestSocket(path: martlet.socketPath)
        #expect(try admin.exchange("GET /readyz").status == 200)
        let told = ContinuousClock.now
        #expect(try martlet.command("drain", "--delay", "2").has(code: 0))
        let first = try admin.exchange("GET /readyz")
        #expect(first.status == 503 && first.text == "leaving\n")
        var served = 0
        // The listener is closed when it drains: then nobody gets in.
        while let answer = try? martlet.request("GET /") {
            #expect(
                answer.status == 200 && martlet.errors.contains("draining") == false
                    || ContinuousClock.now - told >= .seconds(2))
            served += 1
            if ContinuousClock.now - told > .seconds(10) { break }
        }
        let time = ContinuousClock.now - told
        #expect(served > 0 && time >= .seconds(2) && time < .seconds(10), "\(served) in \(time)")
        #expect(try martlet.process.wait() == .code(0))
    }

    /// A second order does not put it off, and a signal does not wait for it.
    @Test func aSignalDrainsAtOnce() throws {
        let martlet = try RunningMartlet(Configs.operated(["127.0.0.1:1"]))
        #expect(try martlet.command("drain", "--delay", "3600").has(code: 0))
        #expect(try martlet.ask("GET /v1/status").words("state") == "leaving")
        try martlet.stop()
    }
}
