// Coming back without a full handshake, and not coming by plain HTTP.

/// Tickets with which a client comes back without a full handshake (session resumption).
package struct TicketsConfiguration: Sendable, Equatable {
    /// How long a key makes tickets before the next one takes its place. Tickets made with the two keys before it are still
    /// taken.
    package var rotate: Duration = .hours(12)

    /// Files with the keys, so that tickets of one proxy are good at another one; without files Martlet makes keys of its
    /// own. Each has 48 or 80 random bytes, as for nginx (`openssl rand 80 > FILE`). The first makes tickets, all are taken.
    /// Change them every day or so: whoever gets such a key can read what was sent in connections that used it.
    package var keys: [String] = []

    /// The defaults.
    package init() {}
}

/// What browsers are told in `Strict-Transport-Security` (RFC 6797).
package struct HSTSConfiguration: Sendable, Equatable {
    /// For how long they come by `https` alone, from the last answer on. `0s` makes them forget it.
    package var maxAge: Duration = .hours(24 * 365)

    /// Whether that holds for all names below the host too.
    package var includeSubdomains: Bool = false

    /// Whether browsers may have it built in (hstspreload.org). That wants `includeSubdomains` and a year at least, and is
    /// hard to undo.
    package var preload: Bool = false

    /// The defaults: a year.
    package init() {}
}

extension TicketsConfiguration: Section {
    static let noun = "tickets"
    static var blank: TicketsConfiguration { TicketsConfiguration() }

    static var keys: [Key<TicketsConfiguration>] {
        [
            Key("rotate", \.rotate, .duration(.minutes(1) ... .hours(84))),
            Key("keys", \.keys, .list(of: .filePath)),
        ]
    }
}

extension HSTSConfiguration: Section {
    static let noun = "hsts"
    static var blank: HSTSConfiguration { HSTSConfiguration() }

    static var keys: [Key<HSTSConfiguration>] {
        [
            Key("maxAge", \.maxAge, .duration(.zero ... .hours(24 * 365 * 10))),
            Key("includeSubdomains", \.includeSubdomains, .boolean),
            Key("preload", \.preload, .boolean),
        ]
    }
}
