// Who lets everybody in, to see what would become of their requests.
import MartletProxy
import MartletProxyConfig

/// Answers the question who a client is as if it had proved it.
struct OpenGate: Gatekeeper {
    /// By the places of admissions: what servers are told of the client.
    private let fields: [Int: [(name: String, value: String)]]

    /// What stands for the client's name.
    static let name = "(the client's name)"

    init(_ configuration: Configuration, _ parts: GuardParts) {
        var fields: [Int: [(name: String, value: String)]] = [:]
        for (path, auth) in Self.all(configuration) {
            guard let place = parts.admissions[path] else { continue }
            // Of several ways the first is taken.
            fields[place] = Self.fields(auth.any.first ?? auth)
        }
        self.fields = fields
    }

    private static func fields(_ auth: AuthConfiguration) -> [(name: String, value: String)] {
        let names = [auth.basic?.userField, auth.apiKeys?.nameField, auth.forward?.userField].compactMap(\.self)
        let claims = (auth.jwt?.fields ?? []).map { (name: $0.name, value: "(the token's \($0.value))") }
        let copied = (auth.forward?.copyFields ?? []).map { (name: $0, value: "(as the service says)") }
        return names.map { ($0, name) } + claims + copied
    }

    /// All ways to prove who one is, with their key paths.
    static func all(_ configuration: Configuration) -> [(path: String, auth: AuthConfiguration)] {
        let routes = configuration.routes.enumerated().compactMap { index, route in
            (route.auth ?? nil).map { ("routes[\(index)].auth", $0) }
        }
        return (configuration.auth.map { [("auth", $0)] } ?? []) + routes
    }

    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        .pass(AdmissionPass(user: Self.name, fields: fields[question.admission] ?? []))
    }
}
