// What the user may have meant by a key or a name that is not known.

/// Finds what was probably meant.
enum KeyHint {
    /// More keys than these are not listed where something else helps as well.
    private static let mostNames = 12

    /// For an unknown key: the nearest key here, else the section that does have such a key, and the keys there are.
    static func hint(for name: String, among names: [String], of noun: String) -> String {
        if name == "<<" { return "merging mappings is not supported, but a whole value can be an alias" }
        if let moved = MovedKeys.hint(for: name, in: noun) { return moved }
        if let near = NearestName.find(name, among: names) { return "did you mean '\(near)'?" }
        let homes = SchemaIndex.homes(of: name)
        let here = names.count == 1 ? "the only key here is '\(names[0])'" : "the keys here are \(Quoting.list(names))"
        if homes.isEmpty { return here }
        let there = "'\(name)' is a key of \(homes.joined(separator: " and of "))"
        return names.count <= mostNames ? "\(there); \(here)" : there
    }
}

/// Which sections have which keys.
enum SchemaIndex {
    /// The sections that have a key of this name, as messages call them.
    static func homes(of name: String) -> [String] {
        sections.filter { section in section.keys.contains { $0.name == name } }
            .map { $0.typeName == "Configuration" ? "the top level" : $0.noun }
    }

    /// All sections, from the top down, each once.
    static var sections: [SectionShape] {
        var found: [SectionShape] = []
        collect(Configuration.shape, into: &found)
        return found
    }

    private static func collect(_ section: SectionShape, into found: inout [SectionShape]) {
        guard !found.contains(where: { $0.typeName == section.typeName }) else { return }
        found.append(section)
        for key in section.keys {
            if let inner = key.shape.section { collect(inner, into: &found) }
        }
    }
}

extension Shape {
    /// The section that is in it, if there is one.
    var section: SectionShape? {
        switch self {
        case .integer, .size, .duration, .percent, .decimal, .boolean, .statuses, .fields, .pairs, .lists, .text,
            .choice,
            .weights:
            nil
        case .word(_, let other): other.section
        case .list(let element, _), .oneOrMore(let element): element.section
        case .named(let section), .section(let section), .shorthand(_, let section), .matches(_, let section):
            section()
        }
    }
}
