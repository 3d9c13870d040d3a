// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let challengeConfiguration: [String: String] = [
        "ChallengeConfiguration": #"""
        What clients have to do that meet an access rule with `action: challenge`: a page with a short script has their browser work
        for a moment, and then ask again with a cookie that shows it. Clients that do not take HTML are answered with 403.
        """#,
        "ChallengeConfiguration.cookie": #"""
        The name of the cookie.
        """#,
        "ChallengeConfiguration.difficulty": #"""
        How much work it is: the zero bits that a SHA-256 has to begin with. One more takes twice as long; with 16 a browser
        computes 65536 digests on average, which takes most a fraction of a second.
        """#,
        "ChallengeConfiguration.passFor": #"""
        How long a browser is not asked again. Browsers of another network (/24, or /64 with IPv6), or that call themselves otherwise
        in `User-Agent`, are asked all the same.
        """#,
        "ChallengeConfiguration.secret": #"""
        What the cookies are signed with: a random text, the same in every proxy that serves the same clients. Without one, each
        start makes a new one, and browsers are asked again.
        """#,
    ]
}
