// Decides by signed tokens.
import Crypto
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import Synchronization

/// One way to take tokens.
final class TokenDesk: AdmissionJudge {
    typealias Reply = @Sendable (AdmissionVerdict) -> Void

    private struct Waiting: Sendable {
        let text: [UInt8]
        let digest: [UInt8]
    }

    private struct Known {
        let pass: AdmissionPass
        let end: ContinuousClock.Instant
    }

    private struct State {
        var known: [[UInt8]: Known] = [:]
        /// The keys by which it was found out what is known.
        var version = 0
        var active = 0
        var waiting = WaitingLine<Waiting>()
        /// Whoever waits for a token that is being checked.
        var pending: [[UInt8]: [Reply]] = [:]
        var counts = TokenCounts()
    }

    private let configuration: JWTAuthConfiguration
    private let ring: KeyRing
    /// Fetches keys; `nil` where all are in files.
    let fetcher: KeyFetcher?
    /// Of this process alone: what is kept says nothing to others.
    private let key = SymmetricKey(size: .bits256)
    private let state = Mutex(State())

    /// - Parameter fetcher: fills `ring`.
    init(_ configuration: JWTAuthConfiguration, _ ring: KeyRing, fetcher: KeyFetcher?) {
        self.configuration = configuration
        self.ring = ring
        self.fetcher = fetcher
    }

    /// What has become of tokens so far.
    var counts: TokenCounts { state.withLock(\.counts) }

    func judge(_ question: AdmissionQuestion, reply: @escaping Reply) -> AdmissionVerdict? {
        guard let text = question.evidence, !text.isEmpty else { return .unauthenticated("no token was sent") }
        if text.count > configuration.tokenSize { return .refused(.invalid, "the token is too large") }
        let digest = Array(HMAC<SHA256>.authenticationCode(for: text, using: key))
        let version = ring.version
        let turn: Turn = state.withLock { state in
            if state.version != version {
                state.version = version
                state.known.removeAll(keepingCapacity: true)
            }
            return Self.turn(of: digest, text, reply, configuration.queue, &state)
        }
        switch turn {
        case .decided(let verdict): return verdict
        case .now: Task { [self] in await work(Waiting(text: text, digest: digest)) }
        case .later: break
        }
        return nil
    }

    // MARK: Its turn

    private enum Turn {
        case decided(AdmissionVerdict)
        case now, later
    }

    private static func turn(
        of digest: [UInt8], _ text: [UInt8], _ reply: @escaping Reply, _ queue: Int, _ state: inout State
    ) -> Turn {
        if let known = state.known[digest] {
            if ContinuousClock.now < known.end {
                state.counts.remembered += 1
                return .decided(.pass(known.pass))
            }
            state.known[digest] = nil
        }
        if state.pending[digest] != nil {
            state.pending[digest]?.append(reply)
            return .later
        }
        let isNow = state.active < max(2, Host.cores)
        if !isNow && state.waiting.count >= queue {
            state.counts.overflowed += 1
            return .decided(.unavailable("too many tokens wait to be checked"))
        }
        state.pending[digest] = [reply]
        if isNow { state.active += 1 } else { state.waiting.append(Waiting(text: text, digest: digest)) }
        return isNow ? .now : .later
    }

    /// Checks a token, and then those that wait for their turn until none does.
    private func work(_ first: Waiting) async {
        var next: Waiting? = first
        while let waiting = next {
            await check(waiting)
            next = state.withLock { state in
                let waiting = state.waiting.takeFirst()
                if waiting == nil { state.active -= 1 }
                return waiting
            }
        }
    }

    private func check(_ waiting: Waiting) async {
        let version = ring.version
        let (verdict, end) = await judgement(on: waiting.text)
        finish(waiting, verdict, version, end)
    }

    /// What a token is worth, and until when that is known.
    private func judgement(on text: [UInt8]) async -> (AdmissionVerdict, ContinuousClock.Instant?) {
        do throws(TokenFault) {
            let token = try SignedToken(text, allowed: configuration.algorithms)
            if try await !isSigned(token) { return (.unavailable("no keys have been fetched yet"), nil) }
            let claims = try token.claims()
            let now = Double(WallClock.seconds)
            try claims.check(configuration, now: now)
            return (.pass(pass(claims)), remembering(try claims.expiry(), now: now))
        } catch {
            return (.refused(AdmissionFault(error.kind), error.reason), nil)
        }
    }

    /// Whether it is signed by one of the keys; `false` when there are none yet.
    /// - Throws: when it is not.
    private func isSigned(_ token: SignedToken) async throws(TokenFault) -> Bool {
        var keys = ring.keys
        var candidates = keys.candidates(token.algorithm, name: token.keyName)
        if candidates.isEmpty, let fetcher {
            await fetcher.refresh()
            keys = ring.keys
            candidates = keys.candidates(token.algorithm, name: token.keyName)
            if keys.entries.isEmpty { return false }
        }
        if candidates.isEmpty { throw TokenFault("there is no key that it could be signed with") }
        for key in candidates {
            if await key.hasSigned(token.message, token.signature, by: token.algorithm) { return true }
        }
        throw TokenFault("its signature is wrong")
    }

    // MARK: The answer

    private func pass(_ claims: TokenClaims) -> AdmissionPass {
        var fields: [(name: String, value: String)] = []
        for field in configuration.fields {
            let texts = claims.texts(field.value)
            if !texts.isEmpty { fields.append((field.name, texts.joined(separator: ", "))) }
        }
        return AdmissionPass(user: claims.texts(configuration.userClaim).first ?? "", fields: fields)
    }

    /// Until when a token is known to be good; `nil` if that is not to be remembered.
    private func remembering(_ expiry: Double?, now: Double) -> ContinuousClock.Instant? {
        guard let cache = configuration.cache else { return nil }
        guard let expiry else { return .now + cache }
        let left = expiry - now + Double(configuration.leeway.components.seconds)
        return .now + min(cache, .seconds(max(0, min(left, 86_400))))
    }

    private func finish(
        _ waiting: Waiting, _ verdict: AdmissionVerdict, _ version: Int, _ end: ContinuousClock.Instant?
    ) {
        let replies = state.withLock { state in
            if case .pass(let pass) = verdict {
                state.counts.good += 1
                if let end, state.version == version, ring.version == version {
                    if state.known.count >= configuration.cacheEntries { state.known.removeAll(keepingCapacity: true) }
                    state.known[waiting.digest] = Known(pass: pass, end: end)
                }
            } else {
                state.counts.bad += 1
            }
            return state.pending.removeValue(forKey: waiting.digest) ?? []
        }
        for reply in replies { reply(verdict) }
    }
}

extension AdmissionFault {
    fileprivate init(_ kind: TokenFault.Kind) {
        self =
            switch kind {
            case .invalid: .invalid
            case .expired: .expired
            case .insufficient: .insufficient
            }
    }
}

/// The keys of one way to take tokens.
final class KeyRing: Sendable {
    private struct State {
        var filed: [TokenKeys]
        var fetched = TokenKeys()
        /// What the service has said.
        var text: [UInt8] = []
        var version = 1
    }

    private let state: Mutex<State>

    /// - Parameter filed: those of each file.
    init(_ filed: [TokenKeys]) { state = Mutex(State(filed: filed)) }

    var keys: TokenKeys { state.withLock { $0.filed.reduce($0.fetched, +) } }

    /// Changes with the keys.
    var version: Int { state.withLock(\.version) }

    /// One of the files says something else now.
    func replace(file: Int, _ keys: TokenKeys) {
        state.withLock { state in
            state.filed[file] = keys
            state.version += 1
        }
    }

    /// The service has said something.
    /// - Parameter text: as it has said it.
    func replaceFetched(_ keys: TokenKeys, text: [UInt8]) {
        state.withLock { state in
            if state.text == text { return }
            state.text = text
            state.fetched = keys
            state.version += 1
        }
    }
}

/// What has become of tokens.
struct TokenCounts: Sendable, Equatable {
    var good: UInt64 = 0
    var bad: UInt64 = 0
    /// Too many waited already.
    var overflowed: UInt64 = 0
    /// They had been checked before.
    var remembered: UInt64 = 0

    static func + (one: TokenCounts, other: TokenCounts) -> TokenCounts {
        TokenCounts(
            good: one.good + other.good, bad: one.bad + other.bad, overflowed: one.overflowed + other.overflowed,
            remembered: one.remembered + other.remembered)
    }
}
