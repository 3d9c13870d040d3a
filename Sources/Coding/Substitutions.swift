// Texts that are replaced by others, compiled: a tree of the texts, and for each of its nodes what becomes of what was read when
// nothing more of the tree fits.
//
// The leftmost match counts, and of those that begin at the same place the longest. A machine that has read a path of the tree
// and cannot go on knows all that it has read; so what it gives out then, and where in the tree the rest of it leads, can be
// told beforehand. Whatever the texts and the input, each byte is read once and given out once.
import MartletHTTPCore

/// Texts and what takes their place.
package struct SubstitutionTable: Sendable {
    /// What becomes of the front of what was read.
    struct Item: BitwiseCopyable, Sendable, Equatable {
        /// The text that was found; -1 for bytes that stay.
        var found: Int16
        /// How many bytes.
        var count: UInt16
    }

    /// What becomes of a path that leads nowhere.
    struct Failure: BitwiseCopyable, Sendable {
        /// Places in `items`: at least one.
        var items = ByteRange()
        /// Where the rest of the path leads.
        var node: UInt16 = 0
    }

    /// Bytes of a text at most.
    package static var longestText: Int { 256 }
    /// Texts at most.
    package static var mostTexts: Int { 64 }

    /// A byte's column in `next`; 0 if no text has it.
    let columns: [UInt8]
    let width: Int
    /// Whether a text begins with a byte.
    private(set) var begins: [Bool]
    /// The nodes below a node, by column; 0 for none, as nothing leads to the root.
    private(set) var next: [UInt16]
    private(set) var failures: [Failure]
    private(set) var items: [Item] = []
    /// Whether nothing is below a node.
    private(set) var leaves: [Bool]
    /// Of each text, whether only the first is replaced.
    let once: [Bool]
    /// Bytes that a machine holds back at most.
    package let longest: Int

    /// - Parameters:
    ///   - texts: what is looked for, at most `mostTexts`, none of them empty or longer than `longestText`; of two that are the
    ///     same the first counts.
    ///   - once: of each, whether only the first of them is replaced.
    ///   - ignoresCase: letters A to Z are the same in either case.
    package init(_ texts: [[UInt8]], once: [Bool], ignoresCase: Bool) {
        precondition(texts.count <= Self.mostTexts && once.count == texts.count, "too many texts")
        precondition(texts.allSatisfy { !$0.isEmpty && $0.count <= Self.longestText }, "a text of no such length")
        self.once = once
        longest = texts.map(\.count).max() ?? 0
        var columns = [UInt8](repeating: 0, count: 256)
        var count = 0
        for byte in Set(texts.joined()).sorted() {
            let folded = ignoresCase ? ByteScan.lowercased(byte) : byte
            if columns[Int(folded)] == 0 {
                count += 1
                columns[Int(folded)] = UInt8(truncatingIfNeeded: count)
            }
        }
        precondition(count <= 255, "texts of all bytes")
        if ignoresCase { for byte in UInt8(0x41)...0x5A { columns[Int(byte)] = columns[Int(byte | 0x20)] } }
        self.columns = columns
        width = count + 1
        next = []
        failures = []
        leaves = []
        begins = []
        build(texts)
        begins = columns.map { next[Int($0)] != 0 }
    }

    /// A node while the tree is built.
    private struct Growth {
        var path: [UInt8]
        /// The text that ends here; -1 for none.
        var text = -1
    }

    private mutating func build(_ texts: [[UInt8]]) {
        var growth = [Growth(path: [])]
        next = [UInt16](repeating: 0, count: width)
        for (number, text) in texts.enumerated() {
            var node = 0
            for byte in text {
                let place = node * width + Int(columns[Int(byte)])
                if next[place] == 0 {
                    next[place] = UInt16(growth.count)
                    growth.append(Growth(path: growth[node].path + [columns[Int(byte)]]))
                    next += [UInt16](repeating: 0, count: width)
                }
                node = Int(next[place])
            }
            if growth[node].text < 0 { growth[node].text = number }
        }
        leaves = growth.indices.map { node in next[node * width..<(node + 1) * width].allSatisfy { $0 == 0 } }
        failures = [Failure](repeating: Failure(), count: growth.count)
        // What is left of a path is shorter than the path.
        for node in growth.indices.sorted(by: { growth[$0].path.count < growth[$1].path.count }) where node != 0 {
            fail(node, growth)
        }
    }

    private mutating func fail(_ node: Int, _ growth: [Growth]) {
        let path = growth[node].path
        var list: [Item] = []
        var position = 1
        if let (text, count) = longestText(in: path, growth) {
            list.append(Item(found: Int16(text), count: UInt16(count)))
            position = count
        } else {
            list.append(Item(found: -1, count: 1))
        }
        var state = 0
        while position < path.count {
            let child = Int(next[state * width + Int(path[position])])
            if child != 0 {
                state = child
                position += 1
                if !leaves[state] { continue }
            } else if state == 0 {
                Self.append(Item(found: -1, count: 1), to: &list)
                position += 1
                continue
            }
            for place in failures[state].items.range { Self.append(items[place], to: &list) }
            state = Int(failures[state].node)
        }
        failures[node] = Failure(items: ByteRange(from: items.count, to: items.count + list.count), node: UInt16(state))
        items += list
    }

    /// The longest text that a path begins with.
    private func longestText(in path: [UInt8], _ growth: [Growth]) -> (text: Int, count: Int)? {
        var node = 0
        var found: (Int, Int)?
        for (index, column) in path.enumerated() {
            node = Int(next[node * width + Int(column)])
            if growth[node].text >= 0 { found = (growth[node].text, index + 1) }
        }
        return found
    }

    private static func append(_ item: Item, to list: inout [Item]) {
        if item.found < 0, let last = list.last, last.found < 0 {
            list[list.count - 1].count += item.count
        } else {
            list.append(item)
        }
    }
}

/// Texts, and what takes the place of each.
package struct SubstitutionRules: Sendable {
    package let table: SubstitutionTable
    package let texts: SubstituteTexts

    /// - Parameter texts: as many as the table has.
    package init(_ table: SubstitutionTable, _ texts: SubstituteTexts) {
        self.table = table
        self.texts = texts
    }
}

/// What takes the place of the texts of a table.
package struct SubstituteTexts: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var places: [ByteRange] = []

    package init() {}

    /// The next text's substitute.
    package mutating func append(_ text: Span<UInt8>) {
        let start = bytes.count
        for index in text.indices { bytes.append(text[index]) }
        places.append(ByteRange(from: start, to: bytes.count))
    }
}
