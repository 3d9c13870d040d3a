// Entity tags (RFC 9110 section 8.8.3).
import MartletHTTPCore
import MartletProxyConfig

/// Makes and compares entity tags.
enum ETag {
    /// The tag of some content.
    static func of(_ content: some Sequence<UInt8>) -> String {
        // FNV-1a: whoever may change things has no reason to forge a tag.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in content { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let text = String(hash, radix: 16)
        return "\"" + String(repeating: "0", count: 16 - text.count) + text + "\""
    }

    /// The tag of a server: of all that can be edited, and nothing that comes and goes by itself.
    static func of(_ key: ServerOverlay.Key, _ attributes: ServerOverlay.Attributes) -> String {
        let limits = [attributes.maxInFlight, attributes.maxConnections].map { $0.map(String.init) ?? "-" }
        let parts =
            [key.upstream, key.server.description, "\(attributes.weight)", "\(attributes.backup)"]
            + [attributes.state.rawValue] + limits
        return of(parts.joined(separator: "\n").utf8)
    }

    /// The value of If-Match or If-None-Match.
    struct Condition: Sendable {
        private let tags: [Substring]

        init(_ value: String) {
            tags = value.split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
        }

        /// Whether a tag is among those named, or any will do. Weak ones are none of ours.
        func isMet(by tag: String) -> Bool { tags.contains { $0 == "*" || $0 == tag } }

        /// The same, for If-None-Match, which takes weak ones as well.
        func isMetWeakly(by tag: String) -> Bool { tags.contains { $0 == "*" || $0 == tag || $0 == "W/" + tag } }
    }
}
