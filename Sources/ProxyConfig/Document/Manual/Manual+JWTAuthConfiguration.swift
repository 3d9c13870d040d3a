// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let jwtAuthConfiguration: [String: String] = [
        "JWTAuthConfiguration": #"""
        A JSON Web Token that somebody has signed (RFC 7519), in `Authorization: Bearer` or elsewhere. What it is signed with has to be one of
        `algorithms`, by a key that is for it: the token itself has no say in that. `none` is no algorithm.
        """#,
        "JWTAuthConfiguration.algorithms": #"""
        The algorithms that tokens may be signed with, a list. Those that begin with `HS` need `secretFile`, the others `keyFiles`, `jwksFile`
        or `jwksURL`.
        """#,
        "JWTAuthConfiguration.audience": #"""
        What `aud` of a token has to have one of, one or a list. Without it anything.
        """#,
        "JWTAuthConfiguration.cache": #"""
        How long a token that was good is not checked again; never beyond its expiry. Only a keyed hash of it is kept, and nothing when
        keys change. `off` checks each time.
        """#,
        "JWTAuthConfiguration.cacheEntries": #"""
        The most tokens that are remembered.
        """#,
        "JWTAuthConfiguration.claims": #"""
        Claims that tokens need, by their names, each with the value, or with those of which it has to be or to have one. A dot leads into an
        object: `realm_access.roles: [admin, ops]`. A token without them is answered with 403.
        """#,
        "JWTAuthConfiguration.cookie": #"""
        The cookie that the token is in; it is looked at when the field is not there.
        """#,
        "JWTAuthConfiguration.fields": #"""
        Fields by which servers are told of the token, each with the name of a claim: `X-User: sub`. What clients say in them never
        passes, on no route.
        """#,
        "JWTAuthConfiguration.header": #"""
        The field that the token is in. In `Authorization` it is behind `Bearer`, elsewhere alone. `off` for none.
        """#,
        "JWTAuthConfiguration.issuer": #"""
        What `iss` of a token has to be one of, one or a list. Without it anything.
        """#,
        "JWTAuthConfiguration.jwksCA": #"""
        The file with the authorities that the certificate of `jwksURL` may be from, in PEM. Without it: those of the system.
        """#,
        "JWTAuthConfiguration.jwksFile": #"""
        A file with a set of keys (JWKS, RFC 7517). Keys of kinds that are not known, and those for other uses, are passed over.
        """#,
        "JWTAuthConfiguration.jwksInterval": #"""
        How often the keys are fetched. A token with the id of a key that is not known has them fetched at once, but at most every 10 s.
        """#,
        "JWTAuthConfiguration.jwksURL": #"""
        Where a set of keys is fetched, by `https` or `http`. The keys that there were stay in force when that fails. Until it has
        succeeded for the first time requests with a token are answered with 503.
        """#,
        "JWTAuthConfiguration.keyFiles": #"""
        Files with public keys in PEM, one a file or several: of RSA with at least 2048 bits, of P-256, P-384 or P-521, or Ed25519.
        """#,
        "JWTAuthConfiguration.leeway": #"""
        By how much the clocks of others may differ, in both directions.
        """#,
        "JWTAuthConfiguration.query": #"""
        The parameter of the query that the token is in; it is looked at last. Whatever is in a URL ends up in logs.
        """#,
        "JWTAuthConfiguration.queue": #"""
        The most tokens that wait to be checked. Beyond it: 503.
        """#,
        "JWTAuthConfiguration.realm": #"""
        What clients are told that they need a token for, in `WWW-Authenticate`.
        """#,
        "JWTAuthConfiguration.requireExpiry": #"""
        Whether tokens have to say when they expire (`exp`).
        """#,
        "JWTAuthConfiguration.secretFile": #"""
        The file with the secret of `HS256`, `HS384` and `HS512`, as it is but for line ends behind it. It has to have at least as many
        bytes as the digest has: 32, 48 or 64. This file and the others are read again within a second or two when they change.
        """#,
        "JWTAuthConfiguration.tokenSize": #"""
        The longest token that is looked at.
        """#,
        "JWTAuthConfiguration.userClaim": #"""
        The claim that says who the client is, for the access log.
        """#,
    ]
}
