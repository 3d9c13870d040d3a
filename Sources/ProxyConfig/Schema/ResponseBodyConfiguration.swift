// What is changed in the content of responses.

/// What is changed in the content of a route's responses on its way to clients ([content.md](content.md#replacing-texts)).
package struct ResponseBodyConfiguration: Sendable, Equatable {
    /// The texts that are replaced, up to 64. Where several could be, the first in the content counts, and of those that begin at the same
    /// place the longest.
    package var replace: [ReplacementConfiguration] = []

    /// The types of content in which texts are replaced. One `*` stands for any text but nothing, as in `text/*`.
    package var types: [String] = ["text/html"]

    /// Whether letters A to Z are the same in either case.
    package var ignoreCase: Bool = false

    /// How many times as long as what the server has sent its content may become when it is decoded, from 1 MiB on. A response beyond that is
    /// broken off.
    package var maxRatio: Int = 200

    /// Nothing is replaced.
    package init() {}
}

/// A text in the content of responses, and what takes its place.
package struct ReplacementConfiguration: Sendable, Equatable {
    /// The text, as it stands in the content: 1 to 256 bytes.
    package var from: String

    /// What takes its place; may be empty. These variables in braces stand for parts of the request and its connection: `{host}`, `{scheme}`,
    /// `{client.ip}`, `{client.port}`, `{request.id}`, `{tls.version}`, `{route}` and `{upstream}`. `{{` and `}}` are the braces themselves.
    package var to: String

    /// Whether only the first one in each response is replaced.
    package var once: Bool = false

    /// `from` becomes `to`.
    package init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}

extension ResponseBodyConfiguration: Section {
    static let noun = "responseBody"
    static var blank: ResponseBodyConfiguration { ResponseBodyConfiguration() }

    static var keys: [Key<ResponseBodyConfiguration>] {
        [
            Key("replace", \.replace, .list(of: .section(), minimum: 1), required: true),
            Key("types", \.types, .list(of: .mediaType, minimum: 1)),
            Key("ignoreCase", \.ignoreCase, .boolean),
            Key("maxRatio", \.maxRatio, .integer(1...2_000)),
        ]
    }
}

extension ReplacementConfiguration: Section {
    static let noun = "a replacement"
    static var blank: ReplacementConfiguration { ReplacementConfiguration(from: "", to: "") }

    static var keys: [Key<ReplacementConfiguration>] {
        [
            Key("from", \.from, .replacedText, required: true),
            Key("to", \.to, .contentTemplate, required: true),
            Key("once", \.once, .boolean),
        ]
    }
}
