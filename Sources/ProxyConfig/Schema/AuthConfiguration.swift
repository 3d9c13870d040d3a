// How clients prove who they are.

/// How clients prove who they are: exactly one of these ways, or `any` of several. Who does not is answered with 401, or as the
/// service says it.
package struct AuthConfiguration: Sendable, Equatable {
    /// By a name and a password, which browsers ask for.
    package var basic: BasicAuthConfiguration?

    /// By a key, for programs.
    package var apiKeys: APIKeysConfiguration?

    /// By whatever another service wants to see.
    package var forward: ForwardAuthConfiguration?

    /// By a token that somebody has signed.
    package var jwt: JWTAuthConfiguration?

    /// Several ways, each a mapping with one of the others, of which one is enough. They are asked in this order, and 401 names all
    /// that have a scheme.
    package var any: [AuthConfiguration] = []

    /// No way yet.
    package init() {}
}

/// A name and a password in `Authorization`, by the scheme Basic (RFC 7617). Without TLS anybody on the way can read them.
package struct BasicAuthConfiguration: Sendable, Equatable {
    /// The file with the users, one `NAME:HASH` a line, as `htpasswd -B` writes it. Hashes are of bcrypt, yescrypt, scrypt, or
    /// SHA-256 and SHA-512 in the form of crypt(5); those of MD5 and SHA-1 are an error. The file is read again within a second
    /// or two when it changes.
    package var file: String = ""

    /// What browsers show when they ask for the password, and by which they know which one is meant.
    package var realm: String = "Martlet"

    /// The field that tells servers the user's name. What clients say in it never passes, on no route. `off` for none.
    package var userField: String? = "X-Authenticated-User"

    /// How long a password that was right is not checked again, as that takes a tenth of a second. Only a keyed hash of it is
    /// kept, and nothing when the file changes. `off` checks each time.
    package var cache: Duration? = .seconds(60)

    /// The most passwords that wait to be checked. Beyond it: 503.
    package var queue: Int = 100

    /// Without a file.
    package init() {}
}

/// A key in a header field or in the query.
package struct APIKeysConfiguration: Sendable, Equatable {
    /// The file with the keys, one `NAME:DIGEST` a line, the digest being the SHA-256 of the key in hexadecimal, as
    /// `printf %s KEY | sha256sum` says it. The file is read again within a second or two when it changes.
    package var file: String = ""

    /// The header field that the key is in. `off` for none.
    package var header: String? = "X-API-Key"

    /// The parameter of the query that the key is in, compared as it is written; it is looked at when the header field is not there.
    /// Whatever is in a URL ends up in logs. `off` for none.
    package var query: String?

    /// The field that tells servers the key's name. What clients say in it never passes, on no route. `off` for none.
    package var nameField: String? = "X-Authenticated-Key"

    /// Without a file.
    package init() {}
}

extension AuthConfiguration: Section {
    static let noun = "auth"
    static let isDescribedOnce = true
    static var blank: AuthConfiguration { AuthConfiguration() }

    static var keys: [Key<AuthConfiguration>] {
        [
            Key("basic", \.basic, .optional(.section())),
            Key("apiKeys", \.apiKeys, .optional(.section())),
            Key("forward", \.forward, .optional(.section())),
            Key("jwt", \.jwt, .optional(.section())),
            Key("any", \.any, .some(of: .section())),
        ]
    }
}

extension BasicAuthConfiguration: Section {
    static let noun = "basic"
    static var blank: BasicAuthConfiguration { BasicAuthConfiguration() }

    static var keys: [Key<BasicAuthConfiguration>] {
        [
            Key("file", \.file, .filePath, required: true),
            Key("realm", \.realm, .text(upTo: 100)),
            Key("userField", \.userField, .word("off", or: .settableField)),
            Key("cache", \.cache, .word("off", or: .duration(.seconds(1) ... .hours(24)))),
            Key("queue", \.queue, .integer(1...100_000)),
        ]
    }
}

extension APIKeysConfiguration: Section {
    static let noun = "apiKeys"
    static var blank: APIKeysConfiguration { APIKeysConfiguration() }

    static var keys: [Key<APIKeysConfiguration>] {
        [
            Key("file", \.file, .filePath, required: true),
            Key("header", \.header, .word("off", or: .fieldName)),
            Key("query", \.query, .word("off", or: .keyParameter)),
            Key("nameField", \.nameField, .word("off", or: .settableField)),
        ]
    }
}

extension AuthConfiguration {
    /// The most ways of which any is enough.
    package static let mostWays = 8

    /// The fields in which servers are told who a client has proved to be.
    package var identityFields: [String] {
        let single = [basic?.userField, apiKeys?.nameField, forward?.userField]
        let own = single.compactMap { $0 } + (forward?.copyFields ?? []) + (jwt?.fields.map(\.name) ?? [])
        return own + any.flatMap(\.identityFields)
    }
}
