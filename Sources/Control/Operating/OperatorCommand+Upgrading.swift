// martlet upgrade, of a proxy that is asked through its admin listener.
import MartletEventLoop
import MartletProxyConfig
import Synchronization

extension OperatorCommand {
    /// Has the running Martlet be followed by a new process.
    /// - Parameters:
    ///   - seconds: how long to wait for that.
    ///   - tell: is given each step in a line, from another thread.
    package func upgrade(
        seconds: Int, json: Bool, tell: @escaping @Sendable (String) -> Void
    ) throws(OperatorFailure) -> String {
        let look = UpgradeLook(client)
        try? BackgroundThread.start { look.work(tell) }
        defer { look.stop() }
        var question = OperatorQuestion("POST", "/v1/upgrade")
        question.patience = max(seconds, 1)
        let answer = try client.ask(question)
        if json { return answer.pretty() + "\n" }
        return "process \(answer.words("process")) has taken over from process \(answer.words("before")) after "
            + "\(answer.words("milliseconds")) ms\n"
    }
}

/// Looks how an upgrade comes along, until it is stopped.
private final class UpgradeLook: Sendable {
    private static let step = 250

    private let client: OperatorClient
    private let isOver = Atomic(false)

    init(_ client: OperatorClient) { self.client = client }

    func stop() { isOver.store(true, ordering: .relaxed) }

    func work(_ tell: (String) -> Void) {
        var last = ""
        while !isOver.load(ordering: .relaxed) {
            _ = HostProcess.wait(nil, nil, milliseconds: Self.step)
            guard let answer = try? client.ask(OperatorQuestion("GET", "/v1/upgrade")),
                !isOver.load(ordering: .relaxed)
            else { continue }
            let text = Self.text(answer)
            if !text.isEmpty && text != last { tell(text) }
            last = text
        }
    }

    private static func text(_ answer: JSONText) -> String {
        switch UpgradeProgress.Stage(rawValue: answer.words("stage")) {
        case .starting: "starting \(answer.words("program"))"
        case .waiting: "process \(answer.words("process")) has been started, and gets ready"
        case .leaving: "process \(answer.words("process")) is ready, and takes over"
        case .none?, .done, .failed, nil: ""
        }
    }
}
