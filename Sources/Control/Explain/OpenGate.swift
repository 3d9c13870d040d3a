// Who lets everybody in, to see what would become of their requests.
import MartletProxy
import MartletProxyConfig

/// Answers the question who a client is as if it had proved it.
struct OpenGate: Gatekeeper {
    /// By the places of admissions: the field in which servers are told the client's name.
    private let fields: [Int: String]

    /// What stands for the client's name.
    static let name = "(the client's name)"

    init(_ configuration: Configuration, _ parts: GuardParts) {
        var fields: [Int: String] = [:]
        for (path, auth) in Self.all(configuration) {
            guard let place = parts.admissions[path] else { continue }
            let way = auth.any.first ?? auth
            fields[place] = way.basic?.userField ?? way.apiKeys?.nameField
        }
        self.fields = fields
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
        let field = fields[question.admission].map { [(name: $0, value: Self.name)] }
        return .pass(AdmissionPass(user: Self.name, fields: field ?? []))
    }
}
