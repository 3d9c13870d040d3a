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

    package init(admission: Int) { self.admission = admission }
}

/// A request's head in words.
package struct AdmissionHead: Sendable {
    package var method: String
    /// The target, from the path on.
    package var target: String
    package var host: String
    package var isSecure: Bool
    /// The client's address.
    package var client: String
    /// Without those that are for one connection only.
    package var fields: [(name: String, value: String)]
}

/// What was decided.
package enum AdmissionVerdict: Sendable {
    case pass(AdmissionPass)
    /// The client has not proved who it is: 401.
    case unauthenticated(String)
    /// Nobody could decide: 503. Why, for the log.
    case unavailable(String)
    /// Somebody else decided, and this is the answer. Why, for the log.
    case answer(LocalAnswer, String)
}

/// What goes with a request that was let in.
package final class AdmissionPass: Sendable {
    /// Who the client is, for the log; empty if that is not known.
    package let user: String
    /// Field lines for the server.
    package let lines: [UInt8]

    /// - Parameter fields: for the server. Values with characters that are not for fields are left out.
    package init(user: String, fields: [(name: String, value: String)]) {
        self.user = user
        var lines: [UInt8] = []
        for (name, value) in fields where value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            lines += Array("\(name): \(value)\r\n".utf8)
        }
        self.lines = lines
    }
}
