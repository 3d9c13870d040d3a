// Decides by any of several ways.
import MartletProxy

/// Several ways to prove who one is, of which one is enough. They are asked in turn.
struct AnyDesk: AdmissionJudge {
    private let ways: [any AdmissionJudge]
    /// Field lines that tell clients by which ways they may prove it.
    private let lines: [UInt8]

    init(_ ways: [any AdmissionJudge], challenges: [AuthenticateChallenge]) {
        self.ways = ways
        lines = challenges.flatMap { Array("WWW-Authenticate: \($0.text)\r\n".utf8) }
    }

    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        ask(from: 0, question.parts, [], reply)
    }

    /// Asks the ways from a place on, until one lets the client in, or has to think.
    /// - Parameter refusals: what those before have said.
    private func ask(
        from first: Int, _ questions: [AdmissionQuestion], _ refusals: [AdmissionVerdict],
        _ reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        var refusals = refusals
        for place in first..<min(ways.count, questions.count) {
            let before = refusals
            let verdict = ways[place].judge(questions[place]) { verdict in
                if case .pass = verdict { return reply(verdict) }
                if let last = ask(from: place + 1, questions, before + [verdict], reply) { reply(last) }
            }
            guard let verdict else { return nil }
            if case .pass = verdict { return verdict }
            refusals.append(verdict)
        }
        return sum(refusals)
    }

    /// What the client is told that no way lets in: by the way that it has come farthest with.
    private func sum(_ refusals: [AdmissionVerdict]) -> AdmissionVerdict {
        let best = refusals.max { Self.rank($0) < Self.rank($1) }
        let reasons = refusals.map(Self.reason).joined(separator: "; ")
        switch best {
        case .refused(let fault, _): return .refused(fault, reasons)
        case .unavailable: return .unavailable(reasons)
        case .answer(var answer, _):
            if answer.status == 401 { answer.lines += lines }
            return .answer(answer, reasons)
        case .unauthenticated, .pass, nil: return .unauthenticated(reasons)
        }
    }

    /// A way that could not be asked might have let the client in; a service that answers leads to where it can prove who it is.
    private static func rank(_ verdict: AdmissionVerdict) -> Int {
        switch verdict {
        case .pass: 5
        case .refused(.insufficient, _): 4
        case .unavailable: 3
        case .answer: 2
        case .refused: 1
        case .unauthenticated: 0
        }
    }

    private static func reason(_ verdict: AdmissionVerdict) -> String {
        switch verdict {
        case .pass: ""
        case .unauthenticated(let reason), .refused(_, let reason), .unavailable(let reason), .answer(_, let reason):
            reason
        }
    }
}
