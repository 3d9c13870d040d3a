// Shows proofs, and takes them away again.
import Logging

/// Shows proofs by the proxy's hooks and by the user's command.
struct AcmeProver: Sendable {
    let hooks: any AcmeHooks
    /// The user's command for DNS records, with its arguments.
    let command: [String]
    let logger: Logger

    func show(_ proof: AcmeProof) async throws {
        switch proof {
        case .http(let token, let answer): await hooks.setHTTPChallenge(token: token, answer: answer)
        case .tls(let name, let digest):
            let identity = try ChallengeCertificate.make(name: name, digest: digest)
            await hooks.setTLSChallenge(name: name, identity: identity)
        case .dns(let record, let value): try await HookCommand(command).run(["present", record, value])
        }
    }

    /// Never throws: the certificate does not depend on it.
    func remove(_ proof: AcmeProof) async {
        switch proof {
        case .http(let token, _): await hooks.setHTTPChallenge(token: token, answer: nil)
        case .tls(let name, _): await hooks.setTLSChallenge(name: name, identity: nil)
        case .dns(let record, let value):
            do {
                try await HookCommand(command, limit: .seconds(30)).run(["cleanup", record, value])
            } catch {
                logger.warning("the TXT record of \(record) may be left over: \(error)")
            }
        }
    }
}
