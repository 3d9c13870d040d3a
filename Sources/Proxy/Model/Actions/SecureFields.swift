// Fields by which browsers are told to be careful with what they get.
import MartletHTTPCore

/// The fields of a level of care, which responses have unless their servers say the same by themselves.
package struct SecureFields: Sendable, Equatable {
    /// How much is asked of browsers.
    package enum Level: Sendable {
        /// What pages work with that know nothing of it.
        case basic
        /// What pages have to be made for.
        case strict
    }

    package var level: Level
    /// Whether what servers say gives way.
    package var replaces = false

    package init(_ level: Level) { self.level = level }

    /// What is special about a field.
    enum Kind: UInt8, BitwiseCopyable, Sendable {
        case plain
        /// For clients that have come over TLS, where the listener says nothing of it.
        case strictTransport
        /// Pages of Martlet's own have another one.
        case contentPolicy
    }

    /// The fields. docs/rewriting.md has the same list.
    var fields: [(name: String, value: String, kind: Kind)] {
        switch level {
        case .basic:
            [
                ("X-Content-Type-Options", "nosniff", .plain),
                ("X-Frame-Options", "SAMEORIGIN", .plain),
                ("Referrer-Policy", "strict-origin-when-cross-origin", .plain),
                ("Strict-Transport-Security", "max-age=31536000", .strictTransport),
            ]
        case .strict:
            [
                ("X-Content-Type-Options", "nosniff", .plain),
                ("X-Frame-Options", "DENY", .plain),
                ("Referrer-Policy", "same-origin", .plain),
                ("Content-Security-Policy", Self.contentPolicy, .contentPolicy),
                ("Cross-Origin-Opener-Policy", "same-origin", .plain),
                ("Cross-Origin-Resource-Policy", "same-origin", .plain),
                ("Permissions-Policy", Self.permissions, .plain),
                ("X-Permitted-Cross-Domain-Policies", "none", .plain),
                ("Strict-Transport-Security", "max-age=63072000", .strictTransport),
            ]
        }
    }

    private static let contentPolicy =
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    private static let permissions =
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()"
}

/// A field line that a response has unless its server has sent that field.
struct DefaultLine: BitwiseCopyable, Sendable, Equatable {
    /// The name: a place in `ActionTable.names`.
    var name: FieldNameSet
    /// The whole line, a slice of `ActionTable.text`.
    var line: ByteRange
    var kind: SecureFields.Kind
}
