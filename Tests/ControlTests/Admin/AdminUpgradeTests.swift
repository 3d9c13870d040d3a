import Glibc
import MartletProxy
import MartletProxyConfig
import Testing

@testable import MartletControl

/// What the API makes of upgrades.
@Suite struct AdminUpgradeTests {
    private func stage(_ result: Result<Int32, UpgradeFailure>) throws -> AdminStage {
        let stage = try AdminStage()
        var progress = UpgradeProgress(stage: .done, program: "/bin/martlet", process: 7)
        if case .failure(let failure) = result { (progress.stage, progress.failure) = (.failed, failure) }
        stage.host.onUpgrade(UpgradeDesk(progress: { [progress] in progress }, upgrade: { result }))
        return stage
    }

    @Test func aProxyInSomebodysProgramHasNone() async throws {
        let stage = try AdminStage()
        #expect(await stage.answer("POST", "/v1/upgrade").status == 503)
        #expect(await stage.answer("GET", "/v1/upgrade").status == 503)
    }

    @Test func theNewProcessIsNamed() async throws {
        let stage = try stage(.success(7))
        let answer = await stage.answer("POST", "/v1/upgrade")
        #expect(answer.status == 200 && answer.json?["process"] == .integer(7))
        #expect(answer.json?["before"] == .integer(Int(getpid())))
        let progress = await stage.answer("GET", "/v1/upgrade")
        #expect(progress.json?["stage"] == .string("done") && progress.json?["reason"] == .string(""))
        let misfits = APISchema.upgradeProgress.shape.misfits(try #require(progress.json))
        #expect(misfits.isEmpty, "\(misfits)")
        #expect(APISchema.upgrade.shape.misfits(try #require(answer.json)).isEmpty)
    }

    @Test(
        arguments: [
            (.ended("exit code 3", lines: ["why"]), ["why"]), (.late(seconds: "1", lines: []), []),
            (.noProgram("x"), []), (.goingOn, nil), (.ending, nil), (.firstProcess, nil),
        ] as [(UpgradeFailure, [String]?)])
    func whyThereIsNoneIsAProblem(failure: UpgradeFailure, lines: [String]?) async throws {
        let stage = try stage(.failure(failure))
        let answer = await stage.answer("POST", "/v1/upgrade")
        #expect(answer.status == 409 && answer.contentType == "application/problem+json")
        #expect(answer.text.contains("no upgrade, this process goes on: "))
        // Only what was tried has lines, by which the command tells it apart.
        #expect(answer.json?["lines"] == lines.map { .array($0.map { .string($0) }) })
        #expect(APISchema.problem.shape.misfits(try #require(answer.json)).isEmpty)
        #expect(await stage.answer("GET", "/v1/upgrade").json?["stage"] == .string("failed"))
    }
}
