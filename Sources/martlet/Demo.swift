// martlet demo
import ArgumentParser
import MartletControl

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start three small servers, the proxy in front of them, and show what happens.")

    func run() async throws { throw ExitCode(ExitStatus.unavailable) }
}
