// Decides by names and passwords.
import Crypto
import MartletGuarding
import MartletProxy
import MartletProxyConfig
import Synchronization

/// The users of one file.
final class PasswordDesk: AdmissionJudge {
    /// Passwords that were right and are remembered.
    private static let cacheLimit = 10_000

    private struct Known {
        let user: String
        let end: ContinuousClock.Instant
    }

    private struct State {
        var users: UserList
        /// Changes with the file: what was checked with an older one is not remembered.
        var version = 0
        var known: [[UInt8]: Known] = [:]
        /// Whoever waits for a password that is being checked.
        var pending: [[UInt8]: [@Sendable (AdmissionVerdict) -> Void]] = [:]
    }

    private let configuration: BasicAuthConfiguration
    private let threads: WorkThreads
    /// Of this process alone: what is kept says nothing to others.
    private let key = SymmetricKey(size: .bits256)
    private let state: Mutex<State>

    init(_ configuration: BasicAuthConfiguration, _ users: UserList, threads: WorkThreads) {
        self.configuration = configuration
        self.threads = threads
        state = Mutex(State(users: users))
    }

    /// The file says something else now.
    func replace(_ users: UserList) {
        state.withLock { state in
            state.users = users
            state.version += 1
            state.known.removeAll()
        }
    }

    func judge(
        _ question: AdmissionQuestion, reply: @escaping @Sendable (AdmissionVerdict) -> Void
    ) -> AdmissionVerdict? {
        guard let evidence = question.evidence else { return .unauthenticated("no password was sent") }
        guard let shown = BasicCredentials(field: evidence) else {
            return .unauthenticated("Authorization is not as the scheme Basic has it")
        }
        let text = Array(shown.user.utf8) + [0x3A] + shown.password
        let digest = Array(HMAC<SHA256>.authenticationCode(for: text, using: key))
        return state.withLock { state in
            if let known = state.known[digest] {
                if ContinuousClock.now < known.end { return pass(known.user) }
                state.known[digest] = nil
            }
            if state.pending[digest] != nil {
                state.pending[digest]?.append(reply)
                return nil
            }
            if state.pending.count >= configuration.queue {
                return .unavailable("too many passwords wait to be checked")
            }
            // For a name that is not there a password is checked as well: the time does not tell which names there are.
            let hash = state.users.hashes[shown.user]
            guard let compared = hash ?? state.users.hashes.first?.value else {
                return .unauthenticated("there are no users")
            }
            state.pending[digest] = [reply]
            let version = state.version
            threads.add { [self] in
                let isRight = PasswordCheck.matches(shown.password, hash: compared) && hash != nil
                finish(digest, isRight ? shown.user : nil, version)
            }
            return nil
        }
    }

    private func finish(_ digest: [UInt8], _ user: String?, _ version: Int) {
        let replies = state.withLock { state in
            if let user, let time = configuration.cache, state.version == version {
                if state.known.count >= Self.cacheLimit { state.known.removeAll() }
                state.known[digest] = Known(user: user, end: .now + time)
            }
            return state.pending.removeValue(forKey: digest) ?? []
        }
        let verdict = user.map { pass($0) } ?? .unauthenticated("wrong password, or no such user")
        for reply in replies { reply(verdict) }
    }

    private func pass(_ user: String) -> AdmissionVerdict {
        .pass(AdmissionPass(user: user, fields: configuration.userField.map { [($0, user)] } ?? []))
    }
}
