import Glibc
import MartletTestSupport
import Testing

@Suite struct ChildProcessTests {
    @Test func collectsBothStreamsAndTheExitCode() throws {
        let result = try ChildProcess.run(
            "sh", ["-c", "echo out; echo \"$GREETING\" >&2; exit 3"], environment: ["GREETING": "hi"])
        #expect(result.exit == .code(3))
        #expect(result.output == "out\n")
        #expect(result.errors == "hi\n")
    }

    @Test func waitsForOutputWhileItRuns() throws {
        let process = try ChildProcess("sh", ["-c", "echo ready; exec tail -f /dev/null"])
        #expect(try process.waitForOutput(containing: "ready") == "ready\n")
        #expect(process.isRunning)
        process.signal(15)
        #expect(try process.wait() == .signal(15))
        process.signal(15)
    }

    @Test func saysWhatWasWrittenInstead() throws {
        let process = try ChildProcess("echo", ["something else"])
        let failure = #expect(throws: TestFailure.self) { try process.waitForOutput(containing: "ready") }
        #expect(failure?.description.contains("something else") == true)
    }

    @Test func givesUpAfterTheLimit() throws {
        let process = try ChildProcess("tail", ["-f", "/dev/null"])
        #expect(throws: TestFailure.self) { try process.wait(.milliseconds(1)) }
        #expect(throws: TestFailure.self) { try process.waitForOutput(containing: "x", .milliseconds(1)) }
    }

    @Test func isKilledWhenNobodyHoldsIt() throws {
        func startAndForget() throws -> pid_t {
            let process = try ChildProcess("tail", ["-f", "/dev/null"])
            #expect(kill(process.id, 0) == 0)
            return process.id
        }
        #expect(kill(try startAndForget(), 0) == -1)
    }

    @Test func aMissingProgramIsAnError() {
        #expect(throws: TestFailure.self) { try ChildProcess("/no/such/program") }
    }
}
