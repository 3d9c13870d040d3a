// A proxy that is followed by others.
import Foundation
import Glibc
import MartletTestSupport

/// The processes of one proxy, one after the other. All write to the standard error of the first.
final class Generations {
    let martlet: RunningMartlet
    /// Who serves now.
    private(set) var current: Int32

    init(_ config: String, folder: TestFolder? = nil, environment: [String: String] = [:]) throws {
        martlet = try RunningMartlet(config, folder: folder, environment: environment)
        current = martlet.process.id
    }

    /// - Parameter place: where the program is, which can be replaced.
    init(_ config: String, _ place: ProgramPlace) throws {
        martlet = try RunningMartlet(config, at: place)
        current = martlet.process.id
    }

    /// Of a proxy that runs already.
    init(_ martlet: RunningMartlet) {
        self.martlet = martlet
        current = martlet.process.id
    }

    deinit { if current != martlet.process.id { kill(current, SIGKILL) } }

    private var followers: [Int32] {
        martlet.errors.split(separator: "\n").filter { $0.contains("the new process has taken over") }.compactMap {
            line in
            line.split(separator: " ").first { $0.hasPrefix("process=") }.flatMap { Int32($0.dropFirst(8)) }
        }
    }

    /// How often a new process has said that it serves.
    var takeovers: Int { martlet.errors.components(separatedBy: "this process has taken over").count - 1 }

    /// How often a process has said that it goes on.
    var failures: Int { martlet.errors.components(separatedBy: "no upgrade: this process goes on").count - 1 }

    /// Has the program replaced, and waits until another process serves.
    func upgrade() throws {
        let before = takeovers
        kill(current, SIGUSR2)
        try waitForTakeover(before)
    }

    /// Waits until a new process serves.
    /// - Parameter before: how often one had before.
    func waitForTakeover(_ before: Int) throws {
        try eventually("another process, after \(martlet.errors)", .seconds(120)) { takeovers > before }
        try eventually("the old process says so") { followers.last != nil && followers.last != current }
        guard let last = followers.last else { throw TestFailure("nobody has taken over") }
        current = last
    }

    /// Ends the process that serves, and waits for all others.
    func stop() throws {
        kill(current, SIGTERM)
        let exit = try martlet.process.wait(.seconds(120))
        if exit != .code(0) { throw TestFailure("the first process ended with \(exit): \(martlet.errors)") }
    }
}

/// Clients that ask again and again on connections that they keep.
final class SteadyClients: Sendable {
    private struct State {
        var answered = 0
        var failures: [String] = []
        var isOver = false
    }

    private let state = Monitor(State())
    private let threads = Monitor<[TestThread]>([])

    init(_ count: Int, port: UInt16) {
        for _ in 0..<count {
            let state = state
            let thread = TestThread { Self.ask(port, state) }
            threads.change { $0.append(thread) }
        }
    }

    private static func ask(_ port: UInt16, _ state: Monitor<State>) {
        var socket: TestSocket?
        var last = ContinuousClock.now
        while !state.value.isOver {
            do {
                // A connection that has been idle may be closed by now, of which a client learns too late.
                if ContinuousClock.now - last > .milliseconds(120) { socket = nil }
                let open = try socket ?? TestSocket(port: port)
                let answer = try open.exchange("GET /steady")
                last = .now
                socket = answer["Connection"] == "close" ? nil : open
                state.change { state in
                    if answer.status == 200 { state.answered += 1 } else { state.failures.append("\(answer.status)") }
                }
            } catch {
                socket = nil
                state.change { $0.failures.append("\(error)") }
            }
        }
    }

    /// How many requests have been answered.
    var answered: Int { state.value.answered }

    /// Waits until so many more have been answered.
    func waitForMore(_ count: Int) throws {
        let goal = answered + count
        if state.wait(.seconds(120), for: { $0.answered >= goal ? true : nil }) == nil {
            throw TestFailure("only \(answered) of \(goal) answers")
        }
    }

    /// Ends them; what has failed.
    func stop() -> [String] {
        state.change { $0.isOver = true }
        for thread in threads.value { _ = thread.join(.seconds(120)) }
        return state.value.failures
    }
}
