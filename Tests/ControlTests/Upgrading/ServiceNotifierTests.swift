import Logging
import MartletTestSupport
import Synchronization
import Testing

@testable import MartletControl

/// What a service manager is told, word for word: sd_notify(3).
@Suite struct ServiceNotifierTests {
    private let said = Monitor<[String]>([])

    private var notifier: ServiceNotifier {
        let said = said
        return ServiceNotifier { text in said.change { $0.append(text) } }
    }

    @Test func messagesAreAssignments() throws {
        let notifier = notifier
        notifier.ready("Serving on :80\nREADY=0")
        notifier.reloading()
        notifier.status("Busy")
        notifier.stopping()
        notifier.alive()
        let lines = said.value
        #expect(lines[0] == "READY=1\nSTATUS=Serving on :80 READY=0")
        #expect(
            lines[1].wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*\nSTATUS=Reading the config anew/) != nil)
        #expect(lines[2...] == ["STATUS=Busy", "STOPPING=1\nSTATUS=Finishing what is going on", "WATCHDOG=1"])
    }

    @Test func whoHasBeenFollowedSaysNothing() {
        let notifier = notifier
        notifier.retire(for: 123)
        notifier.stopping()
        notifier.alive()
        #expect(said.value == ["MAINPID=123"])
    }

    @Test func nobodyIsTold() { ServiceNotifier.silent.ready("") }

    @Test func theWatchdogIsForOneProcess() {
        func interval(_ time: String?, _ process: String?) -> Duration? {
            Watchdog(microseconds: time, process: process, ownID: 42)?.interval
        }
        #expect(interval("3000000", "42") == .milliseconds(1500))
        #expect(interval("3000000", nil) == .milliseconds(1500))
        for (time, process) in [(nil, nil), ("3000000", "41"), ("0", nil), ("-1", nil), ("x", nil)]
            as [(String?, String?)]
        {
            #expect(interval(time, process) == nil, "\(time ?? "") \(process ?? "")")
        }
    }

    /// It is told that all is well only while the loops answer.
    @Test func aStuckLoopIsNotKeptSecret() async throws {
        let watchdog = try #require(Watchdog(microseconds: "20000", process: nil, ownID: 1))
        let answers = Monitor(0)
        let notifier = notifier
        let task = Task {
            await watchdog.run(notifier, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { _ in
                // The first three are in time, then none is.
                answers.change {
                    $0 += 1
                    return $0
                } <= 3
            }
        }
        while answers.value < 6 { await Task.yield() }
        task.cancel()
        await task.value
        #expect(said.value == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
    }
}
