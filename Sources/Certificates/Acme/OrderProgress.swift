// What follows from the state of an order and of its authorizations. Pure: the client carries it out.

/// What an order needs next.
enum OrderStep: Equatable {
    /// The names have to be proven.
    case prove
    /// The request for the certificate is to be sent.
    case finalize
    /// The authority is at work.
    case wait
    /// The certificate is there.
    case download(String)
    /// There will be none.
    case fail(AcmeError)
}

extension AcmeOrder {
    var step: OrderStep {
        switch status {
        case .pending: return .prove
        case .ready: return .finalize
        case .processing: return .wait
        case .valid:
            if let certificate { return .download(certificate) }
            return .fail(AcmeError("the order is valid but names no certificate"))
        case .invalid:
            return .fail(
                AcmeError("the order has failed: \(error?.text ?? "the authority does not say why")", problem: error))
        }
    }
}

/// What an authorization needs next.
enum AuthorizationStep: Equatable {
    /// The challenge is to be answered.
    case answer(AcmeChallenge)
    /// It is proven already, perhaps by an earlier order.
    case skip
    case fail(AcmeError)
}

extension AcmeAuthorization {
    /// What it is about, as the request has it.
    var name: String { wildcard == true ? "*." + identifier.value : identifier.value }

    /// - Parameter kind: the challenge that is to be used.
    func step(with kind: AcmeChallengeKind) -> AuthorizationStep {
        switch status {
        case .valid: return .skip
        case .pending:
            if let challenge = challenges.first(where: { $0.type == kind.rawValue }) { return .answer(challenge) }
            let offered = challenges.map(\.type).joined(separator: ", ")
            return .fail(AcmeError("the authority does not offer \(kind.rawValue) for \(name); it offers \(offered)"))
        case .invalid, .deactivated, .expired, .revoked:
            return .fail(failure)
        }
    }

    /// Whether it is proven; `nil` while the authority looks.
    func isProven() throws(AcmeError) -> Bool? {
        switch status {
        case .valid: return true
        case .pending: return nil
        case .invalid, .deactivated, .expired, .revoked: throw failure
        }
    }

    private var failure: AcmeError {
        let problem = challenges.lazy.compactMap(\.error).first
        let why = problem?.text ?? "the authority does not say why"
        return AcmeError(
            "\(name) could not be proven (the authorization is \(status.rawValue)): \(why)", problem: problem)
    }
}
