// Decoding sections and lists.

extension ConfigurationDecoder {
    /// Reads a section by its table of keys. Whatever cannot be read keeps its default.
    @_semantics("optimize.sil.specialize.generic.never")
    mutating func decodeSection<Owner: Section>(_ node: Node, as: Owner.Type = Owner.self) -> Owner? {
        let table = tables.table(of: Owner.self)
        guard let mapping = node.mapping else {
            wrongType(node, expected: Shape.section { Owner.shape }.expected)
            return nil
        }
        withdrawOffer()
        var section = table.blank
        if decodePlainly(mapping, table, &section) { return section }
        var missing = table.required
        for entry in entries(of: mapping) where !isExhausted {
            guard let key = table[entry.name] else {
                unknownKey(entry, in: Owner.self, missing: &missing)
                continue
            }
            if key.isRequired { missing.remove(key.name) }
            within(.name(key.name), key: entry.key, value: entry.value) { key.decode(entry.value, &section, &$0) }
        }
        if missing.isEmpty { return section }
        for key in table.keys where missing.contains(key.name) && !isExhausted {
            missingKey(key, of: Owner.self, at: node)
        }
        return section
    }

    /// The same for a section whose keys are all known, and there once: nothing has to be kept of them. Whether it is one.
    private mutating func decodePlainly<Owner: Section>(
        _ mapping: Node.Mapping, _ table: KeyTable<Owner>, _ section: inout Owner
    ) -> Bool {
        let first = keyPlaces.count
        defer { keyPlaces.removeSubrange(first...) }
        var seen: UInt64 = 0
        for pair in mapping.pairs {
            guard case .scalar(let key) = pair.key, let place = table.place(of: key.string) else { return false }
            let bit: UInt64 = 1 << UInt64(place)
            if seen & bit != 0 { return false }
            seen |= bit
            keyPlaces.append(UInt8(place))
        }
        if seen & table.requiredBits != table.requiredBits { return false }
        for (index, pair) in mapping.pairs.enumerated() where !isExhausted {
            let place = Int(keyPlaces[first + index])
            let decode = table.decoders[place]
            within(.name(table.names[place]), key: pair.key, value: pair.value) { decode(pair.value, &section, &$0) }
        }
        return true
    }

    /// Reads the elements of a list; one that cannot be read leaves a blank, so that the others keep their index.
    mutating func decodeElements<Element>(_ nodes: [Node], of type: ValueType<Element>) -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() where !isExhausted {
            let element = within(.index(index), value: node) { type.decode(node, &$0) }
            elements.append((element ?? nil) ?? type.blank)
        }
        return elements
    }

    @_semantics("optimize.sil.specialize.generic.never")
    private mutating func unknownKey<Owner: Section>(
        _ entry: Entry, in owner: Owner.Type, missing: inout Set<String>
    ) {
        let place = self.place(of: entry.key)
        let names = tables.table(of: Owner.self).keys.map(\.name)
        // Who misspells a key need not be told in addition that it is missing.
        if let meant = NearestName.find(entry.name, among: names), missing.remove(meant) != nil {
            within(.name(meant), value: entry.value) { $0.fail() }
        }
        let hint = KeyHint.hint(for: entry.name, among: names, of: Owner.noun)
        let home = isAtTop ? "at the top level" : "in \(Owner.noun)"
        problem("unknown key \(Quoting.quote(entry.name)) \(home)", hint: hint, at: place)
    }

    @_semantics("optimize.sil.specialize.generic.never")
    private mutating func missingKey<Owner: Section>(_ key: Key<Owner>, of owner: Owner.Type, at node: Node) {
        let owner = isAtTop ? Owner.noun : keyPath
        // Of the file as a whole no line is at fault.
        let place = isAtTop ? .none : self.place(of: currentKey ?? node)
        problem("\(owner) has no '\(key.name)'", expected: key.shape.expected, at: place)
        within(.name(key.name), value: node) { $0.fail() }
    }
}
