// In which of their keys two sections differ.

/// Compares sections by their tables of keys.
enum SectionDifference {
    /// The keys in which two sections differ, in the order of the manual.
    static func keys<Owner: Section>(_ old: Owner, _ new: Owner, except: Set<String> = []) -> [String] {
        keys(old, new, table: KeyTable<Owner>(), except: except)
    }

    /// The same, for whoever compares many.
    static func keys<Owner: Section>(
        _ old: Owner, _ new: Owner, table: KeyTable<Owner>, except: Set<String> = []
    ) -> [String] {
        table.keys.filter { !except.contains($0.name) && $0.differs(old, new) }.map(\.name)
    }

    /// The same of values that may be sections, or may be switched off; nothing for others.
    static func keys<Value>(of old: Value, and new: Value) -> [String] {
        guard let old = old as? any Section, let new = new as? any Section else { return [] }
        return keys(section: old, new)
    }

    private static func keys<Owner: Section>(section old: Owner, _ new: any Section) -> [String] {
        guard let new = new as? Owner else { return [] }
        return keys(old, new)
    }
}
