// Being replaced by another process.
import Glibc
import MartletProxyConfig

extension AdminAPI {
    private func desk() throws(AdminProblem) -> UpgradeDesk {
        guard let desk = scene.host.upgrading else {
            throw AdminProblem(503, "this proxy has not started yet, or is run by a program that replaces itself")
        }
        return desk
    }

    func upgradeProgress() throws(AdminProblem) -> JSONText {
        let (progress, counts) = (try desk().progress(), scene.upgrades())
        return .object([
            ("stage", .string(progress.stage.rawValue)), ("program", .string(progress.program)),
            ("process", progress.process.map { .integer(Int($0)) } ?? .null),
            ("milliseconds", .integer(progress.milliseconds)),
            ("reason", .string(progress.failure.map { "\($0)" } ?? "")),
            ("lines", .array((progress.failure?.lines ?? []).map { .string($0) })), ("done", .integer(counts.done)),
            ("failed", .integer(counts.failed)), ("refused", .integer(counts.refused)),
        ])
    }

    func upgrade() async throws(AdminProblem) -> JSONText {
        let desk = try desk()
        switch await desk.upgrade() {
        case .success(let process):
            let progress = desk.progress()
            return .object([
                ("process", .integer(Int(process))), ("before", .integer(Int(getpid()))),
                ("program", .string(progress.program)), ("milliseconds", .integer(progress.milliseconds)),
            ])
        case .failure(let failure):
            var problem = AdminProblem(409, "no upgrade, this process goes on: \(failure)")
            if !failure.isRefusal { problem.said = failure.lines }
            throw problem
        }
    }
}
