// What browsers are asked to show that they are some.
import Crypto
import MartletProxy
import MartletProxyConfig

extension ChallengeModel {
    /// - Parameter secret: what cookies are signed with where the config has no secret.
    init(_ configuration: ChallengeConfiguration, secret: StickySecret) {
        let name = configuration.cookie.replacing("&", with: "&amp;")
        let front = ChallengePage.front
            .replacing("{style}", with: ChallengePage.style).replacing("{cookie}", with: name)
            .replacing("{age}", with: "\(configuration.passFor.components.seconds)")
        self.init(
            cookie: configuration.cookie, ChallengeDesk(configuration, secret: secret), lines: Self.lines,
            page: (front, ChallengePage.middle, ChallengePage.end))
    }

    /// What the page may do: run its script and look as it does. Nothing of it is fetched from anywhere.
    private static var lines: String {
        let policy = [
            "default-src 'none'", "script-src '\(digest(ChallengePage.script))'",
            "style-src '\(digest(ChallengePage.style))'", "base-uri 'none'", "form-action 'none'",
            "frame-ancestors 'self'",
        ]
        return "Content-Security-Policy: \(policy.joined(separator: "; "))\r\n"
            + "X-Content-Type-Options: nosniff\r\nX-Robots-Tag: noindex\r\n"
    }

    /// As content policies name inline texts (CSP Level 3 section 8.4).
    private static func digest(_ text: String) -> String {
        let digest = Base64URL.encode(Array(SHA256.hash(data: Array(text.utf8))))
        return "sha256-" + digest.replacing("-", with: "+").replacing("_", with: "/") + "="
    }
}
