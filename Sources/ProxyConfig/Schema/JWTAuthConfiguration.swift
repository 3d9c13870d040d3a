// Tokens that say who a client is.

/// A JSON Web Token that somebody has signed (RFC 7519), in `Authorization: Bearer` or elsewhere. What it is signed with has to be one of
/// `algorithms`, by a key that is for it: the token itself has no say in that. `none` is no algorithm.
package struct JWTAuthConfiguration: Sendable, Equatable {
    /// The algorithms that tokens may be signed with, a list. Those that begin with `HS` need `secretFile`, the others `keyFiles`, `jwksFile`
    /// or `jwksURL`.
    package var algorithms: [TokenAlgorithm] = []

    /// The file with the secret of `HS256`, `HS384` and `HS512`, as it is but for line ends behind it. It has to have at least as many
    /// bytes as the digest has: 32, 48 or 64. This file and the others are read again within a second or two when they change.
    package var secretFile: String?

    /// Files with public keys in PEM, one a file or several: of RSA with at least 2048 bits, of P-256, P-384 or P-521, or Ed25519.
    package var keyFiles: [String] = []

    /// A file with a set of keys (JWKS, RFC 7517). Keys of kinds that are not known, and those for other uses, are passed over.
    package var jwksFile: String?

    /// Where a set of keys is fetched, by `https` or `http`. The keys that there were stay in force when that fails. Until it has
    /// succeeded for the first time requests with a token are answered with 503.
    package var jwksURL: String?

    /// The file with the authorities that the certificate of `jwksURL` may be from, in PEM. Without it: those of the system.
    package var jwksCA: String?

    /// How often the keys are fetched. A token with the id of a key that is not known has them fetched at once, but at most every 10 s.
    package var jwksInterval: Duration = .seconds(600)

    /// What `iss` of a token has to be one of, one or a list. Without it anything.
    package var issuer: [String] = []

    /// What `aud` of a token has to have one of, one or a list. Without it anything.
    package var audience: [String] = []

    /// Whether tokens have to say when they expire (`exp`).
    package var requireExpiry: Bool = true

    /// By how much the clocks of others may differ, in both directions.
    package var leeway: Duration = .seconds(30)

    /// Claims that tokens need, by their names, each with the value, or with those of which it has to be or to have one. A dot leads into an
    /// object: `realm_access.roles: [admin, ops]`. A token without them is answered with 403.
    package var claims: [ClaimConfiguration] = []

    /// Fields by which servers are told of the token, each with the name of a claim: `X-User: sub`. What clients say in them never
    /// passes, on no route.
    package var fields: [FieldTemplate] = []

    /// The claim that says who the client is, for the access log.
    package var userClaim: String = "sub"

    /// The field that the token is in. In `Authorization` it is behind `Bearer`, elsewhere alone. `off` for none.
    package var header: String? = "Authorization"

    /// The cookie that the token is in; it is looked at when the field is not there.
    package var cookie: String?

    /// The parameter of the query that the token is in; it is looked at last. Whatever is in a URL ends up in logs.
    package var query: String?

    /// What clients are told that they need a token for, in `WWW-Authenticate`.
    package var realm: String = "Martlet"

    /// The longest token that is looked at.
    package var tokenSize: Int = 8_192

    /// How long a token that was good is not checked again; never beyond its expiry. Only a keyed hash of it is kept, and nothing when
    /// keys change. `off` checks each time.
    package var cache: Duration? = .seconds(60)

    /// The most tokens that are remembered.
    package var cacheEntries: Int = 10_000

    /// The most tokens that wait to be checked. Beyond it: 503.
    package var queue: Int = 1_000

    /// Without keys.
    package init() {}
}

/// An algorithm by which tokens are signed (RFC 7518 section 3.1, RFC 8037).
package enum TokenAlgorithm: String, Sendable, CaseIterable {
    /// HMAC.
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    /// RSA with PKCS #1.
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    /// RSA with PSS.
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    /// ECDSA.
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    /// Ed25519.
    case eddsa = "EdDSA"

    /// Whether who checks a token could make one as well.
    package var isSymmetric: Bool { self == .hs256 || self == .hs384 || self == .hs512 }
}

/// A claim that tokens need.
package struct ClaimConfiguration: Sendable, Equatable {
    /// Its name; dots lead into objects.
    package var name: String
    /// The values of which it has to be or to have one.
    package var values: [String]

    package init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
}

extension JWTAuthConfiguration: Section {
    static let noun = "jwt"
    static var blank: JWTAuthConfiguration { JWTAuthConfiguration() }

    static var keys: [Key<JWTAuthConfiguration>] {
        [
            Key(
                "algorithms", \.algorithms,
                .list(
                    of: .choice(advice: ["none": "a token that nobody has signed says nothing"]), minimum: 1),
                required: true),
            Key("secretFile", \.secretFile, .optional(.filePath)),
            Key("keyFiles", \.keyFiles, .list(of: .filePath)),
            Key("jwksFile", \.jwksFile, .optional(.filePath)),
            Key("jwksURL", \.jwksURL, .optional(.serviceURL)),
            Key("jwksCA", \.jwksCA, .optional(.filePath)),
            Key("jwksInterval", \.jwksInterval, .duration(.seconds(10) ... .hours(24))),
            Key("issuer", \.issuer, .oneOrMore(of: .text(upTo: 1_024))),
            Key("audience", \.audience, .oneOrMore(of: .text(upTo: 1_024))),
            Key("requireExpiry", \.requireExpiry, .boolean),
            Key("leeway", \.leeway, .duration(.seconds(0) ... .seconds(600))),
            Key("claims", \.claims, .claims),
            Key("fields", \.fields, .claimFields),
            Key("userClaim", \.userClaim, .claimName),
            Key("header", \.header, .word("off", or: .fieldName)),
            Key("cookie", \.cookie, .optional(.cookieName)),
            Key("query", \.query, .optional(.keyParameter)),
            Key("realm", \.realm, .text(upTo: 100)),
            Key("tokenSize", \.tokenSize, .size(256...65_536)),
            Key("cache", \.cache, .word("off", or: .duration(.seconds(1) ... .hours(1)))),
            Key("cacheEntries", \.cacheEntries, .integer(1...1_000_000)),
            Key("queue", \.queue, .integer(1...100_000)),
        ]
    }
}
