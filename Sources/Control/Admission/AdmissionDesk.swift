// Who is asked whether clients may come in.
import MartletProxy

/// One way to prove who one is.
protocol AdmissionJudge: Sendable {
    /// Decides on what a client shows: at once, or else by calling `reply` once, from any thread.
    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict?
}

/// All of them, in the order of the model's admissions.
struct AdmissionDesk: Gatekeeper {
    let judges: [any AdmissionJudge]

    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        judges[question.admission].judge(question, reply: reply)
    }
}
