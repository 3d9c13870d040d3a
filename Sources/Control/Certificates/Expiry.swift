// Certificates that run out.
import MartletTLS

/// How long a certificate is good for.
struct Lifetime: Equatable, Hashable, Sendable {
    /// The first name, or what stands for it.
    let name: String
    let keyType: String
    /// Seconds since 1970.
    let notBefore: Int64
    let notAfter: Int64

    init(name: String, keyType: String, notBefore: Int64, notAfter: Int64) {
        self.name = name
        self.keyType = keyType
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    init(_ identity: TLSIdentity) {
        self.init(
            name: identity.names.first ?? identity.pin.text, keyType: identity.keyType,
            notBefore: identity.notBefore, notAfter: identity.notAfter)
    }

    /// What is to be said of it at a time.
    enum State: Equatable, Sendable {
        case good
        case notYetValid
        case expiresSoon
        case expired
    }

    /// How it stands at `now`, in seconds since 1970.
    func state(at now: Int64) -> State {
        if now > notAfter { return .expired }
        if now < notBefore { return .notYetValid }
        return notAfter - now < notice ? .expiresSoon : .good
    }

    /// How long before its end a word is said: 14 days, or a fifth of a short life.
    private var notice: Int64 { min(14 * Self.day, (notAfter - notBefore) / 5) }

    static let day: Int64 = 86_400
}

/// Says once a day what has to be said.
struct ExpiryReminder: Sendable {
    private var told: [Subject: (state: Lifetime.State, at: Int64)] = [:]

    private struct Subject: Hashable {
        let owner: String
        let lifetime: Lifetime
    }

    /// Which of these something has to be said of now.
    /// - Parameter now: in seconds since 1970.
    mutating func due(
        _ lifetimes: [(owner: String, lifetime: Lifetime)], now: Int64
    ) -> [(owner: String, lifetime: Lifetime, state: Lifetime.State)] {
        var due: [(owner: String, lifetime: Lifetime, state: Lifetime.State)] = []
        var current: [Subject: (state: Lifetime.State, at: Int64)] = [:]
        for (owner, lifetime) in lifetimes {
            let state = lifetime.state(at: now)
            guard state != .good else { continue }
            let subject = Subject(owner: owner, lifetime: lifetime)
            if let last = told[subject], last.state == state, now - last.at < Lifetime.day, now >= last.at {
                current[subject] = last
                continue
            }
            if current[subject] == nil { due.append((owner, lifetime, state)) }
            current[subject] = (state, now)
        }
        told = current
        return due
    }
}
