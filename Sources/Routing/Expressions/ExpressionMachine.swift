// Runs a program over a text, following all ways at once, so that the time is at most the product of both lengths (Pike's
// virtual machine).

/// How a program is run.
struct ExpressionMachine {
    /// What is still to be followed at a place of the text.
    enum Step: BitwiseCopyable {
        case follow(UInt16)
        /// Ways that are followed from here on have not passed what was followed before.
        case restore(slot: UInt8, Int32)
    }

    /// A place in the text, and what is on both sides.
    private struct Place {
        let index: Int
        let before: ByteKind
        let after: ByteKind

        init(_ index: Int, in text: Span<UInt8>) {
            self.index = index
            before = index > 0 ? ByteKind(text[index - 1]) : .none
            after = index < text.count ? ByteKind(text[index]) : .none
        }
    }

    let program: ExpressionProgram
    let isAnchored: Bool
    /// How many places are remembered: twice the groups, or none where only the fact of a match matters.
    let slots: Int

    /// Whether there is a match: the one that begins first, and among those the one that the expression prefers. Where its
    /// groups are is then in `memory`.
    func run(_ text: Span<UInt8>, _ memory: inout ExpressionMemory) -> Bool {
        memory.prepare(instructions: program.instructions.count, slots: slots)
        var isMatch = false
        for index in 0...text.count {
            if !isMatch && (index == 0 || !isAnchored) {
                for slot in 0..<slots { memory.saved[slot] = -1 }
                follow(program.start, Place(index, in: text), into: &memory.now, &memory.stack, &memory.saved)
            }
            if memory.now.members.isEmpty && (isMatch || isAnchored) { break }
            if step(text, index, &memory) {
                isMatch = true
                if slots == 0 { break }
            }
            swap(&memory.now, &memory.later)
            memory.later.removeAll()
        }
        return isMatch
    }

    /// Lets all ways take the byte at `index`. True if one of them has come to a match; those that are less preferred are
    /// then forgotten.
    private func step(_ text: Span<UInt8>, _ index: Int, _ memory: inout ExpressionMemory) -> Bool {
        let behind = index < text.count ? Place(index + 1, in: text) : nil
        for member in 0..<memory.now.members.count {
            let instruction = memory.now.members[member]
            let first = Int(instruction) * slots
            switch program.instructions[Int(instruction)] {
            case .byte(let low, let high, let next):
                guard let behind, low <= text[index], text[index] <= high else { continue }
                for slot in 0..<slots { memory.saved[slot] = memory.now.saved[first + slot] }
                follow(next, behind, into: &memory.later, &memory.stack, &memory.saved)
            case .match:
                for slot in 0..<slots { memory.places[slot] = memory.now.saved[first + slot] }
                return true
            case .split, .save, .check, .fail: continue
            }
        }
        return false
    }

    /// Follows a way as far as it takes no byte. Where another has been before, it ends: that one is preferred.
    private func follow(
        _ start: UInt16, _ place: Place, into ways: inout ExpressionWays, _ stack: inout [Step],
        _ saved: inout [Int32]
    ) {
        stack.append(.follow(start))
        while let step = stack.popLast() {
            guard case .follow(let instruction) = step else {
                if case .restore(let slot, let value) = step { saved[Int(slot)] = value }
                continue
            }
            if !ways.insert(instruction) { continue }
            switch program.instructions[Int(instruction)] {
            case .byte, .match:
                for slot in 0..<slots { ways.saved[Int(instruction) * slots + slot] = saved[slot] }
            case .split(let first, let second):
                stack.append(.follow(second))
                stack.append(.follow(first))
            case .save(let slot, let next):
                if slot < slots {
                    stack.append(.restore(slot: slot, saved[Int(slot)]))
                    saved[Int(slot)] = Int32(truncatingIfNeeded: place.index)
                }
                stack.append(.follow(next))
            case .check(let assertion, let next):
                if assertion.holds(between: place.before, and: place.after) { stack.append(.follow(next)) }
            case .fail: continue
            }
        }
    }
}
