// What responses do not show of the servers behind.

/// What responses of servers do not show: what they are, and where they stand.
package struct HideOriginConfiguration: Sendable, Equatable {
    /// The fields that are left out.
    package var fields: [String] = ["Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version"]

    /// Whether references of servers become such as clients can use: in `Location`, `Content-Location`, `Refresh` and `Link`, a URL
    /// of a server's own address is shortened to its path, and paths get back the prefix that `rewrite` has taken away; in
    /// `Set-Cookie`, a `Domain` that is a server's own is dropped, and a `Path` gets the prefix.
    package var references: Bool = true

    /// The statuses for which clients get a page of Martlet's own in the place of what the server says, single ones and ranges:
    /// `[500-599]`.
    package var replaceErrors: [ClosedRange<Int>] = []

    /// What becomes of responses that have the address or the internal name of a server of their upstream in a field all the same.
    /// `count` counts them (`martlet_origin_leaks_total`), `log` names the field in the access log as well (`leak`), and `block`
    /// answers with 502 instead. `off` does not look.
    package var leaks: LeakAction = .count

    /// The defaults.
    package init() {}
}

/// What becomes of responses that show a server's address.
package enum LeakAction: String, Sendable, CaseIterable {
    /// Nobody looks.
    case off
    /// They are counted.
    case count
    /// They are counted, and noted in the access log.
    case log
    /// They do not reach the client.
    case block
}

extension HideOriginConfiguration: Section {
    static let noun = "hideOrigin"
    static var blank: HideOriginConfiguration { HideOriginConfiguration() }

    static var keys: [Key<HideOriginConfiguration>] {
        [
            Key("fields", \.fields, .list(of: .editedField)),
            Key("references", \.references, .boolean),
            Key("replaceErrors", \.replaceErrors, .list(of: .statuses(400...599))),
            Key("leaks", \.leaks, .choice()),
        ]
    }
}
