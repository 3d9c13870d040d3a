// What routes have Martlet answer by itself.

/// A redirect.
package struct RedirectConfiguration: Sendable, Equatable {
    /// Where to: a URL, or a path of the same host. Variables in braces stand for parts of the request: `https://{host}{uri}` is
    /// the same address by https. In the host, only `{host}` may stand, so that nobody can make links that lead through here to
    /// anywhere; values of fields, cookies and parameters are percent-encoded.
    package var to: String

    /// The status: 301 and 308 are for good, and browsers remember them; 302, 303 and 307 are for now. With 307 and 308 the
    /// method stays the same.
    package var status: Int = 302

    /// A redirect to `to`.
    package init(to: String) {
        self.to = to
    }
}

/// An answer with fixed content.
package struct RespondConfiguration: Sendable, Equatable {
    /// The status.
    package var status: Int = 200

    /// The content, as it is: there are no variables in it.
    package var body: String?

    /// The value of Content-Type, if there is content.
    package var contentType: String = "text/plain; charset=utf-8"

    /// An answer without content.
    package init() {}
}

extension RedirectConfiguration: Section {
    static let noun = "redirect"
    static var blank: RedirectConfiguration { RedirectConfiguration(to: "") }

    static var keys: [Key<RedirectConfiguration>] {
        [
            Key("to", \.to, .location, required: true),
            Key("status", \.status, .redirectStatus),
        ]
    }
}

extension RespondConfiguration: Section {
    static let noun = "respond"
    static var blank: RespondConfiguration { RespondConfiguration() }

    static var keys: [Key<RespondConfiguration>] {
        [
            Key("status", \.status, .integer(200...599)),
            Key("body", \.body, .optional(.text(upTo: 64 << 10))),
            Key("contentType", \.contentType, .fieldValue),
        ]
    }
}
