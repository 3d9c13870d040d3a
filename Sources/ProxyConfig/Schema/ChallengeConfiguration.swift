// How clients show that they are browsers.

/// What clients have to do that meet an access rule with `action: challenge`: a page with a short script has their browser work
/// for a moment, and then ask again with a cookie that shows it. Clients that do not take HTML are answered with 403.
package struct ChallengeConfiguration: Sendable, Equatable {
    /// How much work it is: the zero bits that a SHA-256 has to begin with. One more takes twice as long; with 16 a browser
    /// computes 65536 digests on average, which takes most a fraction of a second.
    package var difficulty: Int = 16

    /// How long a browser is not asked again. Browsers of another network (/24, or /64 with IPv6), or that call themselves otherwise
    /// in `User-Agent`, are asked all the same.
    package var passFor: Duration = .seconds(43_200)

    /// The name of the cookie.
    package var cookie: String = "martlet_pass"

    /// What the cookies are signed with: a random text, the same in every proxy that serves the same clients. Without one, each
    /// start makes a new one, and browsers are asked again.
    package var secret: String?

    /// The defaults.
    package init() {}
}

extension ChallengeConfiguration: Section {
    static let noun = "challenge"
    static var blank: ChallengeConfiguration { ChallengeConfiguration() }

    static var keys: [Key<ChallengeConfiguration>] {
        [
            Key("difficulty", \.difficulty, .integer(1...24)),
            // What scripts set, some browsers forget after a week.
            Key("passFor", \.passFor, .duration(.seconds(1) ... .hours(168))),
            Key("cookie", \.cookie, .cookieName),
            Key("secret", \.secret, .optional(.secret)),
        ]
    }
}

extension Configuration {
    /// Whether clients may have to show that they are browsers.
    package var hasChallenges: Bool {
        access.contains { $0.action == .challenge }
            || routes.entries.contains { !$0.isPlain && $0.route.access.contains { $0.action == .challenge } }
    }
}
