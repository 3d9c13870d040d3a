// From the key path of a setting back to where it stands. Only what is found wrong is looked for, so nothing of it is
// noted while the file is decoded.

/// Finds settings in the tree of a config.
final class SettingIndex {
    /// A setting that is written.
    struct Setting {
        /// Its key; `nil` for an element of a list.
        let key: Node?
        let value: Node
    }

    /// From how many keys on a mapping gets a table.
    private static let large = 32

    private let root: Node
    /// The places of keys, of large mappings.
    private var tables: [Mark: [String: Int]] = [:]

    init(_ root: Node) {
        self.root = root
    }

    /// The setting with this key path, such as `upstreams.api.servers[1]`; `nil` when it is not written.
    func setting(_ path: String) -> Setting? { find(Substring(path), in: Setting(key: nil, value: root)) }

    /// The line on which a setting begins.
    func line(_ path: String) -> Int? { setting(path)?.value.mark.line }

    private func find(_ path: Substring, in setting: Setting) -> Setting? {
        guard let first = path.utf8.first else { return setting }
        switch setting.value {
        case .scalar: return nil
        case .sequence(let sequence):
            guard first == UInt8(ascii: "["), let end = path.utf8.firstIndex(of: UInt8(ascii: "]")),
                let index = Int(path[path.index(after: path.startIndex)..<end]), sequence.nodes.indices.contains(index)
            else { return nil }
            return find(path[path.index(after: end)...], in: Setting(key: nil, value: sequence.nodes[index]))
        case .mapping(let mapping):
            return find(first == UInt8(ascii: ".") ? path.dropFirst() : path, in: mapping)
        }
    }

    /// A name may have dots: each end that it can have is tried.
    private func find(_ path: Substring, in mapping: Node.Mapping) -> Setting? {
        var end = path.startIndex
        while end < path.endIndex {
            let rest = path[path.index(after: end)...]
            end = rest.utf8.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? path.endIndex
            guard let place = place(of: path[..<end], in: mapping) else { continue }
            let pair = mapping.pairs[place]
            if let found = find(path[end...], in: Setting(key: pair.key, value: pair.value)) { return found }
        }
        return nil
    }

    private func place(of name: Substring, in mapping: Node.Mapping) -> Int? {
        guard mapping.pairs.count > Self.large else {
            return mapping.pairs.firstIndex { $0.key.scalar.map { $0.string == name } ?? false }
        }
        return table(of: mapping)[String(name)]
    }

    private func table(of mapping: Node.Mapping) -> [String: Int] {
        if let known = tables[mapping.mark] { return known }
        var table: [String: Int] = [:]
        table.reserveCapacity(mapping.pairs.count)
        for (index, pair) in mapping.pairs.enumerated() {
            guard case .scalar(let key) = pair.key, table[key.string] == nil else { continue }
            table[key.string] = index
        }
        tables[mapping.mark] = table
        return table
    }
}
