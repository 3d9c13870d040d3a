// The reference page: every key with its meaning, its range and its default.

/// Makes the reference page.
struct ReferencePage {
    let texts: ManualTexts

    /// The whole page.
    var document: String {
        var page = [Self.head]
        for (path, section) in Self.sections { page += [self.section(section, at: path)] }
        return page.joined(separator: "\n")
    }

    private static let head = """
        # Config reference

        <!-- Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit. -->

        One YAML file holds the whole config. [examples](examples) has some to start from; `martlet check FILE` tells
        what is wrong with one. For completion and checks in an editor, put this line at the top of the file (`martlet
        schema --json` writes the schema):

            # yaml-language-server: $schema=config.schema.json

        How values are written:

        - A **size** is a whole number with a unit, `B`, `KiB`, `MiB` or `GiB`, or without one in bytes: `32KiB`, `500`.
        - A **duration** is a whole number with a unit, `ms`, `s`, `m`, `h` or `d`: `10s`. The unit is never left
          away.
        - A **percentage** is a whole number with a percent sign: `50%`.
        - `off` switches off what can be switched off.
        - `${NAME}` in a value, with or without quotes, is the variable NAME of the environment, and `${NAME:-default}` has a
          default for when it is not set or empty. What comes in is as if it stood there: without quotes it can be a
          number or `off`; it never becomes more than this one value. Keys are as they are.
        - `${file:PATH}` is what the file holds, such as a secret: without line ends behind it, at most 64 KiB, relative to the
          file of the config that it stands in. `${credential:NAME}` is the same for what systemd hands over
          (`LoadCredential=`). What comes from files is in no message and in nothing that is shown of the config.
        - `$${` is `${` as it is. A single `$`, as regular expressions have it, has no meaning here, nor has `{client.ip}`.
        - A text that begins with `*`, `[`, `{`, `&`, `!`, `|`, `>`, `@`, `%` or `#` must be in quotes.

        """

    /// The sections with their places in the file, from the top down.
    private static var sections: [(path: String, section: SectionShape)] {
        var found: [(path: String, section: SectionShape)] = []
        collect(Configuration.shape, at: "", into: &found)
        return found
    }

    private static func collect(
        _ section: SectionShape, at path: String, into found: inout [(path: String, section: SectionShape)]
    ) {
        found.append((path, section))
        for key in section.keys {
            guard let inner = key.shape.section else { continue }
            if inner.isDescribedOnce, found.contains(where: { $0.section.typeName == inner.typeName }) { continue }
            let home = path.isEmpty ? key.name : path + "." + key.name
            collect(inner, at: home + key.shape.placeSuffix, into: &found)
        }
    }

    private func section(_ section: SectionShape, at path: String) -> String {
        let title = path.isEmpty ? "## Top level" : "## `\(path)`"
        let keys = section.keys.map { key(section, $0, at: path) }
        return ([title, ""] + texts.text(section).flatMap { [$0, ""] } + keys).joined(separator: "\n")
    }

    private func key(_ section: SectionShape, _ key: KeyShape, at path: String) -> String {
        let name = path.isEmpty ? key.name : path + "." + key.name
        var value = key.shape.described
        if key.isRequired { value += "; **required**" }
        if let text = key.defaultText { value += "; default `\(text)`" }
        let lines = ["### `\(name)`", "", "Value: \(value).", ""]
        return (lines + texts.text(section, key).flatMap { [$0, ""] }).joined(separator: "\n")
    }
}

extension Shape {
    /// What stands behind the name of a key for what is in it: `[]` for the elements of a list, `.NAME` for those of
    /// a mapping.
    fileprivate var placeSuffix: String {
        switch self {
        case .list: "[]"
        case .named, .matches: ".NAME"
        case .integer, .size, .duration, .percent, .decimal, .boolean, .statuses, .fields, .pairs, .lists: ""
        case .text, .choice, .word, .oneOrMore, .section, .shorthand, .weights: ""
        }
    }

    /// The type of a value, for people.
    fileprivate var described: String {
        switch self {
        case .integer, .size, .duration, .percent, .decimal, .boolean, .statuses, .fields, .pairs, .lists, .choice,
            .weights:
            ticked(expected)
        case .text(let text): escaped(ticked(text.expected))
        case .word(let word, let other): "`\(word)` or \(other.described)"
        case .list(let element, let minimum): "a list\(minimum > 0 ? " of at least one" : ""): \(element.described)"
        case .oneOrMore(let element): "\(element.described); or a list of such"
        case .named(let section): "a mapping from names, each to \(section().noun)"
        case .matches(_, let section): "a mapping from names, each to a value or to \(section().noun)"
        case .section(let section):
            section().noun.hasPrefix("a") && section().noun.contains(" ") ? section().noun : "a section"
        case .shorthand(let text, let section): "\(escaped(ticked(text.expected))), or \(section().noun) as a section"
        }
    }

    /// With stars that Markdown leaves alone.
    private func escaped(_ text: String) -> String { text.replacing("*", with: "\\*") }

    /// Words in single quotes as code.
    private func ticked(_ text: String) -> String { text.replacing("'", with: "`") }
}
