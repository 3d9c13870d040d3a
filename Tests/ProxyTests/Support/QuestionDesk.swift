// Who is asked something by a proxy under test: the test itself, when it wants to.
import MartletTestSupport

/// Keeps questions until the test answers them.
final class QuestionDesk<Question: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting: Sendable {
        let question: Question
        let reply: @Sendable (Answer) -> Void
    }

    private let name: String
    private let waiting = Monitor<[Waiting]>([])

    /// - Parameter name: what a failed test calls a question.
    init(_ name: String) { self.name = name }

    func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
        waiting.change { $0.append(Waiting(question: question, reply: reply)) }
    }

    /// Waits for the question that has come after so many others.
    func question(_ number: Int) throws -> Question {
        if let found = waiting.wait(for: { $0.count > number ? $0[number].question : nil }) { return found }
        throw TestFailure("\(name) \(number) has not come")
    }

    /// Answers one of the questions.
    func answer(_ number: Int, _ answer: Answer) throws {
        _ = try question(number)
        waiting.value[number].reply(answer)
    }
}
