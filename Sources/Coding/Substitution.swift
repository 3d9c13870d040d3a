// The machine that replaces texts in content that comes in pieces.
import MartletHTTPCore

/// How far a machine has come.
package enum SubstitutionState: Sendable, Equatable {
    /// The room is used up.
    case full
    /// All of the input is read.
    case dry
}

/// How far a machine has come with what it was given.
package struct SubstitutionProgress: BitwiseCopyable, Sendable {
    /// Bytes of the input that were read.
    package var read = 0
    /// Bytes of the output that were written.
    package var written = 0

    package init() {}
}

/// Replaces the texts of a table. What it has read and not given out yet is the beginning of a text, and so shorter than the
/// longest.
package struct Substitution: BitwiseCopyable, Sendable {
    /// What was read: a ring.
    private var held = InlineArray<256, UInt8>(repeating: 0)
    private var first: UInt8 = 0
    private var count = 0
    /// Where in the tree.
    private var node: UInt16 = 0
    /// What is still to be given out, places in `SubstitutionTable.items`.
    private var items = ByteRange()
    /// Of the item before: bytes held that stay, and of a substitute.
    private var staying = 0
    private var substitute = ByteRange()
    /// Texts that have been found, a bit each.
    private var found: UInt64 = 0
    /// How many texts have been replaced.
    package private(set) var replaced: UInt64 = 0

    package init() {}

    /// Whether something is settled that has not been given out.
    package var isGivingOut: Bool { staying > 0 || !substitute.isEmpty || !items.isEmpty }

    /// Whether something was read that has not been given out.
    package var isHolding: Bool { count > 0 || !substitute.isEmpty }

    /// Reads `input` and writes to `output`, behind what `progress` says of both, until one of them is used up.
    /// - Parameter isLast: nothing comes behind the input; then `dry` means that all has been given out.
    package mutating func run(
        _ input: Span<UInt8>, isLast: Bool, _ rules: borrowing SubstitutionRules,
        into output: inout MutableSpan<UInt8>, _ progress: inout SubstitutionProgress
    ) -> SubstitutionState {
        let columns = rules.table.columns.span
        let next = rules.table.next.span
        let width = rules.table.width
        while true {
            if !giveOut(rules, into: &output, at: &progress.written) { return .full }
            if node == 0 {
                if !Self.copy(input, rules, into: &output, &progress) {
                    return progress.read == input.count ? .dry : .full
                }
            } else if progress.read == input.count {
                if !isLast { return .dry }
                fail(rules)
                continue
            }
            let byte = input[progress.read]
            let child = next[Int(node) * width + Int(columns[Int(byte)])]
            if child == 0 {
                fail(rules)
                continue
            }
            held[Int(first &+ UInt8(truncatingIfNeeded: count))] = byte
            count += 1
            progress.read += 1
            node = child
            if rules.table.leaves[Int(node)] { fail(rules) }
        }
    }

    /// Copies bytes that no text begins with; whether the next one begins a text.
    private static func copy(
        _ input: Span<UInt8>, _ rules: borrowing SubstitutionRules, into output: inout MutableSpan<UInt8>,
        _ progress: inout SubstitutionProgress
    ) -> Bool {
        let begins = rules.table.begins.span
        var index = progress.read
        var place = progress.written
        let limit = min(input.count, index + output.count - place)
        while index < limit && !begins[Int(input[index])] {
            output[place] = input[index]
            index += 1
            place += 1
        }
        progress.read = index
        progress.written = place
        return index < input.count && begins[Int(input[index])]
    }

    /// Nothing more of the tree fits what was read.
    private mutating func fail(_ rules: borrowing SubstitutionRules) {
        let failure = rules.table.failures[Int(node)]
        items = failure.items
        node = failure.node
    }

    /// Gives out what is settled; `false` when the room is used up.
    private mutating func giveOut(
        _ rules: borrowing SubstitutionRules, into output: inout MutableSpan<UInt8>, at end: inout Int
    ) -> Bool {
        while true {
            while staying > 0 {
                if end == output.count { return false }
                output[end] = held[Int(first)]
                end += 1
                drop(1)
                staying -= 1
            }
            let bytes = rules.texts.bytes.span
            while !substitute.isEmpty {
                if end == output.count { return false }
                output[end] = bytes[Int(substitute.start)]
                end += 1
                substitute = ByteRange(start: substitute.start + 1, count: substitute.count - 1)
            }
            if items.isEmpty { return true }
            let item = rules.table.items[Int(items.start)]
            items = ByteRange(start: items.start + 1, count: items.count - 1)
            settle(item, rules)
        }
    }

    private mutating func settle(_ item: SubstitutionTable.Item, _ rules: borrowing SubstitutionRules) {
        let text = Int(item.found)
        if text < 0 || rules.table.once[text] && found &>> UInt64(text) & 1 != 0 {
            staying = Int(item.count)
            return
        }
        found |= 1 &<< UInt64(text)
        replaced += 1
        drop(Int(item.count))
        substitute = rules.texts.places[text]
    }

    private mutating func drop(_ number: Int) {
        first &+= UInt8(truncatingIfNeeded: number)
        count -= number
    }
}
