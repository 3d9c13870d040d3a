// What tokens claim, and what is asked of it.
import MartletProxyConfig

/// The claims of a token (RFC 7519 section 4).
struct TokenClaims: Sendable, Equatable {
    private let values: [String: JSONValue]

    init(_ values: [String: JSONValue]) { self.values = values }

    /// The texts of a claim. A name that is not there as it is leads into objects at its dots.
    func texts(_ name: String) -> [String] {
        guard let value = value(name) else { return [] }
        // Scopes are words in one text (RFC 8693 section 4.2).
        if name == "scope", case .text(let text) = value { return text.split(separator: " ").map(String.init) }
        return value.texts
    }

    private func value(_ name: String) -> JSONValue? {
        if let value = values[name] { return value }
        var object = values
        let parts = name.split(separator: ".").map(String.init)
        for part in parts.dropLast() {
            guard case .object(let inner)? = object[part] else { return nil }
            object = inner
        }
        return parts.last.flatMap { object[$0] }
    }

    /// When it ends, in seconds since 1970; `nil` if it does not say so.
    func expiry() throws(TokenFault) -> Double? { try time("exp") }

    private func time(_ name: String) throws(TokenFault) -> Double? {
        switch values[name] {
        case nil: return nil
        case .number(let time)?: return time
        default: throw TokenFault("'\(name)' is no number")
        }
    }

    /// Whether it counts now, and here.
    /// - Parameter now: in seconds since 1970.
    func check(_ configuration: JWTAuthConfiguration, now: Double) throws(TokenFault) {
        let leeway = Double(configuration.leeway.components.seconds)
        if let end = try expiry() {
            if now >= end + leeway { throw TokenFault(.expired, "it has expired") }
        } else if configuration.requireExpiry {
            throw TokenFault("it does not say when it expires")
        }
        if let start = try time("nbf"), now < start - leeway { throw TokenFault("it does not count yet") }
        let issuers = configuration.issuer
        if !issuers.isEmpty {
            guard case .text(let issuer)? = values["iss"], issuers.contains(issuer) else {
                throw TokenFault("its issuer is not the right one")
            }
        }
        let audiences = configuration.audience
        if !audiences.isEmpty && !(values["aud"]?.texts ?? []).contains(where: { audiences.contains($0) }) {
            throw TokenFault("it is for another audience")
        }
        for claim in configuration.claims where !texts(claim.name).contains(where: { claim.values.contains($0) }) {
            throw TokenFault(.insufficient, "the claim '\(claim.name)' is not as it has to be")
        }
    }
}
