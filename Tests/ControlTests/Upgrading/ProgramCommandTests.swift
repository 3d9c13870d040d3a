import Testing

@testable import MartletControl

/// Where the program is that a process is replaced with.
@Suite struct ProgramCommandTests {
    private func command(_ arguments: [String], _ environment: [String] = []) -> ProgramCommand {
        ProgramCommand(arguments: arguments, environment: environment)
    }

    private func locate(_ command: ProgramCommand, running: String?, _ programs: String...) -> String? {
        command.locate(running: running) { programs.contains($0) }
    }

    /// A symbolic link that leads to another folder now.
    @Test func aPathIsTakenAsItWasGiven() {
        let command = command(["/opt/martlet/current/martlet", "run"])
        let found = locate(
            command, running: "/opt/martlet/1.0/martlet", "/opt/martlet/current/martlet", "/opt/martlet/1.0/martlet")
        #expect(found == "/opt/martlet/current/martlet")
    }

    @Test func aNameIsLookedForInThePath() {
        let command = command(["martlet"], ["PATH=/a:/b:/c"])
        #expect(locate(command, running: "/x/martlet", "/b/martlet", "/c/martlet", "/x/martlet") == "/b/martlet")
    }

    /// A package manager puts a new file in the place of the old one, which the kernel then calls deleted.
    @Test func whereItCameFromIsTheLastResort() {
        #expect(
            locate(command(["-odd"]), running: "/usr/bin/martlet (deleted)", "/usr/bin/martlet") == "/usr/bin/martlet")
        #expect(locate(command([]), running: "/usr/bin/martlet", "/usr/bin/martlet") == "/usr/bin/martlet")
        #expect(locate(command(["./gone"]), running: "/usr/bin/martlet (deleted)", "/other") == nil)
        #expect(locate(command(["martlet"], ["PATH=/a"]), running: nil, "/b/martlet") == nil)
    }

    @Test func whatIsForThisProcessAloneIsNotPassedOn() {
        let all = [
            "PATH=/bin", "LISTEN_FDS=2", "LISTEN_PID=7", "LISTEN_FDNAMES=a:b", "WATCHDOG_PID=7", "WATCHDOG_USEC=9",
            "NOTIFY_SOCKET=/n", "MARTLET_HANDOVER=3,4", "MARTLET_HANDOVERS=1",
        ]
        #expect(
            command(["martlet"], all).environment == [
                "PATH=/bin", "WATCHDOG_USEC=9", "NOTIFY_SOCKET=/n", "MARTLET_HANDOVERS=1",
            ])
    }
}
