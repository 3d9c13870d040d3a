// Decides by keys.
import Crypto
import MartletGuarding
import MartletProxy
import MartletProxyConfig
import Synchronization

/// The keys of one file.
final class KeyDesk: AdmissionJudge {
    private let nameField: String?
    private let keys: Mutex<KeyList>

    init(_ configuration: APIKeysConfiguration, _ keys: KeyList) {
        nameField = configuration.nameField
        self.keys = Mutex(keys)
    }

    /// The file says something else now.
    func replace(_ new: KeyList) { keys.withLock { $0 = new } }

    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        guard let evidence = question.evidence, !evidence.isEmpty else { return .unauthenticated("no key was sent") }
        // What is looked up is the digest: how long that takes says nothing of the keys that there are.
        let digest = Array(SHA256.hash(data: evidence))
        guard let name = keys.withLock({ $0.names[digest] }) else { return .unauthenticated("unknown key") }
        return .pass(AdmissionPass(user: name, fields: nameField.map { [($0, name)] } ?? []))
    }
}
