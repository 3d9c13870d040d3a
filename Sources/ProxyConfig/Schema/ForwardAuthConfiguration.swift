// Another service that decides who comes in.

/// Another service is asked whether a request may come in, as by `auth_request` of nginx and `forwardAuth` of Traefik. It is sent a
/// GET with the request's head and without its content: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri` and `-For` say what the request
/// is. An answer of 2xx lets it in. One of 3xx or 4xx is the client's answer, content and all. Anything else is a failure.
package struct ForwardAuthConfiguration: Sendable, Equatable {
    /// Where the service is asked: `http://127.0.0.1:4180/oauth2/auth`, or with `https`.
    package var url: String = ""

    /// The file with the authorities that the service's certificate may be from, in PEM. Without it: those of the system. It is read
    /// again within a second or two when it changes.
    package var ca: String?

    /// The client's fields that the service is sent, a list. Without it all, but those of the connection and those that make a
    /// request conditional or partial.
    package var clientFields: [String]?

    /// Whether it is sent `X-Original-URI`, `X-Original-URL` and `X-Original-Method` as well, as some services for nginx expect.
    package var originalFields: Bool = false

    /// The fields of its answer that go to servers, when it lets a request in. What clients say in them never passes, on no route.
    package var copyFields: [String] = []

    /// The field of its answer that says who the client is. It goes to servers, and into the access log as `user`.
    package var userField: String?

    /// How long it may take to answer, the wait for its turn included.
    package var timeout: Duration = .seconds(5)

    /// What becomes of requests when it cannot be reached, does not answer in time, or answers with 5xx: `deny` answers them with 503,
    /// `allow` lets them in, without any of the fields.
    package var onFailure: ForwardFailureAction = .deny

    /// The most questions that it is asked at a time.
    package var concurrency: Int = 100

    /// The most questions that wait for their turn. Beyond it: a failure.
    package var queue: Int = 1_000

    /// The most content of an answer that a client is given; what is longer is left out as a whole.
    package var answerSize: Int = 65_536

    /// Which answers are remembered. Without it none; only questions that are the same and come at once are asked once.
    package var cache: ForwardCacheConfiguration?

    /// Without a service.
    package init() {}
}

/// What becomes of requests when nobody says whether they may come in.
package enum ForwardFailureAction: String, Sendable, CaseIterable {
    /// They are refused.
    case deny
    /// They are let in.
    case allow
}

/// Answers that let requests in are remembered for the same client with the same fields. Kept is a keyed hash of them, and what servers
/// are told. An answer with `Set-Cookie`, or with `no-store` in `Cache-Control`, is not remembered.
package struct ForwardCacheConfiguration: Sendable, Equatable {
    /// The fields by which the service knows a client, a list: `[Authorization, Cookie]`. About a request without any of them it is asked
    /// each time.
    package var fields: [String] = []

    /// How long an answer is remembered.
    package var time: Duration = .seconds(30)

    /// The most answers that are remembered.
    package var entries: Int = 10_000

    /// Whether an answer counts only for the method, the host and the target that it was about. `false` for a service that looks at
    /// nothing but who the client is.
    package var perTarget: Bool = true

    /// Without fields.
    package init() {}
}

extension ForwardAuthConfiguration: Section {
    static let noun = "forward"
    static var blank: ForwardAuthConfiguration { ForwardAuthConfiguration() }

    static var keys: [Key<ForwardAuthConfiguration>] {
        [
            Key("url", \.url, .serviceURL, required: true),
            Key("ca", \.ca, .optional(.filePath)),
            Key("clientFields", \.clientFields, .optional(.some(of: .fieldName))),
            Key("originalFields", \.originalFields, .boolean),
            Key("copyFields", \.copyFields, .list(of: .settableField)),
            Key("userField", \.userField, .optional(.settableField)),
            Key("timeout", \.timeout, .duration(.milliseconds(10) ... .seconds(60))),
            Key("onFailure", \.onFailure, .choice(otherWords: ["open": .allow, "closed": .deny])),
            Key("concurrency", \.concurrency, .integer(1...10_000)),
            Key("queue", \.queue, .integer(0...100_000)),
            Key("answerSize", \.answerSize, .size(0...(1 << 20))),
            Key("cache", \.cache, .optional(.section())),
        ]
    }
}

extension ForwardCacheConfiguration: Section {
    static let noun = "cache"
    static var blank: ForwardCacheConfiguration { ForwardCacheConfiguration() }

    static var keys: [Key<ForwardCacheConfiguration>] {
        [
            Key("fields", \.fields, .list(of: .fieldName, minimum: 1), required: true),
            Key("time", \.time, .duration(.seconds(1) ... .hours(24))),
            Key("entries", \.entries, .integer(1...1_000_000)),
            Key("perTarget", \.perTarget, .boolean),
        ]
    }
}
