// The keys of a section, found once: a file may have a section of the same type some ten thousand times.

/// What the decoder looks up for each section of a type.
final class KeyTable<Owner: Section> {
    let keys: [Key<Owner>]
    /// The names of those that must be there.
    let required: Set<String>
    /// Where decoding starts.
    let blank: Owner
    /// The names of the keys, and how their values are read, in their order: without all that keys have besides.
    let names: [String]
    let decoders: [(Node, inout Owner, inout ConfigurationDecoder) -> Void]
    /// A bit for each key that must be there.
    let requiredBits: UInt64
    private let places: [String: Int]

    @_semantics("optimize.sil.specialize.generic.never")
    init() {
        let keys = Owner.keys
        self.keys = keys
        precondition(keys.count <= UInt64.bitWidth, "a section has more keys than are told apart by bits")
        required = Set(keys.lazy.filter(\.isRequired).map(\.name))
        blank = Owner.blank
        names = keys.map(\.name)
        decoders = keys.map(\.decode)
        requiredBits = keys.indices.reduce(0) { $0 | (keys[$1].isRequired ? 1 << UInt64($1) : 0) }
        var places: [String: Int] = [:]
        for (index, key) in keys.enumerated() { places[key.name] = index }
        self.places = places
    }

    /// The place among the keys of the one with this name.
    func place(of name: String) -> Int? { places[name] }

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
