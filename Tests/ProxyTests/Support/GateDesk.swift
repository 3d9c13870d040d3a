// Who decides about the clients of a proxy under test: the test itself, when it wants to.
import MartletProxy
import MartletTestSupport

/// Keeps questions until the test answers them.
final class GateDesk: Gatekeeper {
    private let desk = QuestionDesk<AdmissionQuestion, AdmissionVerdict>("question")
    private let immediate: AdmissionVerdict?

    /// - Parameter immediate: what is decided at once; `nil` to wait for `answer`.
    init(immediate: AdmissionVerdict? = nil) { self.immediate = immediate }

    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        desk.ask(question, reply: reply)
        return immediate
    }

    /// Waits for the question that has come after so many others.
    @discardableResult
    func question(_ number: Int) throws -> AdmissionQuestion { try desk.question(number) }

    /// Answers one of the questions.
    func answer(_ number: Int, _ verdict: AdmissionVerdict) throws { try desk.answer(number, verdict) }
}

extension AdmissionVerdict {
    /// Lets a user in, whom the server is told of.
    static func user(_ name: String) -> AdmissionVerdict {
        .pass(AdmissionPass(user: name, fields: [("X-User", name)]))
    }
}
