// What clients get while nobody is to be served.
import MartletHTTPCore

/// A time in which requests are answered with a page instead of being served. Servers are watched as usual meanwhile.
package struct MaintenanceConfiguration: Sendable, Equatable {
    /// The page, whose type is told by the ending of its name. It is read again within a second or two when it changes. Without
    /// it, clients get Martlet's own. At most 1 MiB.
    package var file: String?

    /// The status.
    package var status: Int = 503

    /// When clients may come again (`Retry-After`). `off` does not say.
    package var retryAfter: Duration? = .minutes(10)

    /// The file whose presence turns it on, and whose absence turns it off, within a second or two. Without it, it is on.
    package var whenFile: String?

    /// Who is served all the same.
    package var except = MaintenanceExceptConfiguration()

    /// On, for all.
    package init() {}
}

/// Who is served during maintenance.
package struct MaintenanceExceptConfiguration: Sendable, Equatable {
    /// The networks whose clients are, one or a list.
    package var clients: [Network] = []

    /// Nobody.
    package init() {}
}

extension MaintenanceConfiguration: Section {
    static let noun = "maintenance"
    static var blank: MaintenanceConfiguration { MaintenanceConfiguration() }
    static var isDescribedOnce: Bool { true }

    static var keys: [Key<MaintenanceConfiguration>] {
        [
            Key("file", \.file, .optional(.filePath)),
            Key("status", \.status, .integer(400...599)),
            Key("retryAfter", \.retryAfter, .word("off", or: .duration(.seconds(1) ... .hours(24 * 365)))),
            Key("whenFile", \.whenFile, .optional(.filePath)),
            Key("except", \.except, .section()),
        ]
    }
}

extension MaintenanceExceptConfiguration: Section {
    static let noun = "except"
    static var blank: MaintenanceExceptConfiguration { MaintenanceExceptConfiguration() }
    static var isDescribedOnce: Bool { true }

    static var keys: [Key<MaintenanceExceptConfiguration>] {
        [Key("clients", \.clients, .oneOrMore(of: .network))]
    }
}
