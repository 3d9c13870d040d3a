// The keys of a section, found once: a file may have a section of the same type some ten thousand times.

/// What the decoder looks up for each section of a type.
final class KeyTable<Owner: Section> {
    let keys: [Key<Owner>]
    /// The names of those that must be there.
    let required: Set<String>
    /// Where decoding starts.
    let blank: Owner
    private let places: [String: Int]

    init() {
        keys = Owner.keys
        required = Set(keys.lazy.filter(\.isRequired).map(\.name))
        blank = Owner.blank
        var places: [String: Int] = [:]
        for (index, key) in keys.enumerated() { places[key.name] = index }
        self.places = places
    }

    /// The key with this name.
    subscript(name: String) -> Key<Owner>? { places[name].map { keys[$0] } }
}

/// The tables of all sections that were met.
struct KeyTables {
    private var tables: [ObjectIdentifier: AnyObject] = [:]

    /// The table of a section.
    mutating func table<Owner: Section>(of owner: Owner.Type) -> KeyTable<Owner> {
        if let known = tables[ObjectIdentifier(owner)] as? KeyTable<Owner> { return known }
        let table = KeyTable<Owner>()
        tables[ObjectIdentifier(owner)] = table
        return table
    }
}
