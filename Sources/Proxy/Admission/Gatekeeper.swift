// Who is asked whether a client may come in. The exchange is suspended meanwhile (decision D5): the loop goes on.

/// Knows what proves who a client is. It works off the loops.
package protocol Gatekeeper: Sendable {
    /// Decides on a request, without blocking the caller: at once, or else by calling `reply` once, from any thread.
    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict?
}

/// What is known of a request that wants to come in.
package struct AdmissionQuestion: Sendable {
    /// Who is asked: a place in the model's admissions.
    package let admission: Int
    /// What the client shows: the value of the field or the parameter that the admission asks for, `nil` for none.
    package var evidence: [UInt8]?
    /// The head, if the admission asks for it.
    package var head: AdmissionHead?
    /// The questions of its ways, if it has several.
    package var parts: [AdmissionQuestion] = []

    package init(admission: Int) { self.admission = admission }
}

/// A request's head in words.
package struct AdmissionHead: Sendable {
    package var method: String
    /// The target, from the path on.
    package var target: String
    package var host: String
    package var isSecure = false
    /// The address of whoever has connected; empty if it has none.
    package var client: String
    /// The address of whom the request is from: the same, unless a trusted proxy names somebody.
    package var source: String
    /// Whether it is believed what the client says of others.
    package var isTrusted = false
    /// Without those that are for one connection only.
    package var fields: [(name: String, value: String)]
    /// Fields that say who the client has proved to be by its certificate.
    package var identity: [(name: String, value: String)] = []

    package init(
        method: String, target: String, host: String, client: String, fields: [(name: String, value: String)]
    ) {
        self.method = method
        self.target = target
        self.host = host
        self.client = client
        source = client
        self.fields = fields
    }
}

/// What was decided.
package enum AdmissionVerdict: Sendable {
    case pass(AdmissionPass)
    /// The client has not proved who it is: 401.
    case unauthenticated(String)
    /// What it has shown is not good: 401, or 403 when it is not enough. Why, for the log.
    case refused(AdmissionFault, String)
    /// Nobody could decide: 503. Why, for the log.
    case unavailable(String)
    /// Somebody else decided, and this is the answer. Why, for the log.
    case answer(LocalAnswer, String)
}

/// What goes with a request that was let in.
package final class AdmissionPass: Sendable {
    /// Who the client is, for the log; empty if that is not known.
    package let user: String
    /// Field lines for the server, and for the client.
    package let lines: [UInt8]
    package let answerLines: [UInt8]

    /// Values with characters that are not for fields are left out.
    /// - Parameters:
    ///   - fields: for the server.
    ///   - answerFields: for the client, with whatever the server answers.
    package convenience init(
        user: String, fields: [(name: String, value: String)], answerFields: [(name: String, value: String)] = []
    ) {
        self.init(user: user, lines: Self.lines(fields), answerLines: Self.lines(answerFields))
    }

    private init(user: String, lines: [UInt8], answerLines: [UInt8]) {
        self.user = user
        self.lines = lines
        self.answerLines = answerLines
    }

    /// The same without anything for the client.
    package var withoutAnswerFields: AdmissionPass {
        answerLines.isEmpty ? self : AdmissionPass(user: user, lines: lines, answerLines: [])
    }

    private static func lines(_ fields: [(name: String, value: String)]) -> [UInt8] {
        var lines: [UInt8] = []
        for (name, value) in fields where value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            lines += Array("\(name): \(value)\r\n".utf8)
        }
        return lines
    }
}
