// What a run of an expression needs.

/// What a machine needs while it runs. Kept from one run to the next, so that memory is taken only for a program that is
/// larger than all before.
package struct ExpressionMemory: ~Copyable {
    var now = ExpressionWays()
    var later = ExpressionWays()
    var stack: [ExpressionMachine.Step] = []
    /// What the way that is being followed remembers.
    var saved: [Int32] = []
    /// Where the groups of the last match are, two for each: beginning and end; -1 for groups that took no part. Group 0
    /// is the match as a whole.
    var places: [Int32] = []

    package init() {}

    /// Where a group of the last match is; `nil` if it took no part.
    package func range(of group: Int) -> Range<Int>? {
        if group * 2 + 1 >= places.count || places[group * 2] < 0 || places[group * 2 + 1] < 0 { return nil }
        return Int(places[group * 2])..<Int(places[group * 2 + 1])
    }

    /// How often an instruction was looked at, for tests.
    var steps: Int { now.steps + later.steps }

    mutating func prepare(instructions: Int, slots: Int) {
        now.prepare(instructions: instructions, slots: slots)
        later.prepare(instructions: instructions, slots: slots)
        stack.removeAll(keepingCapacity: true)
        stack.reserveCapacity(2 * instructions + 1)
        saved.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        for _ in 0..<slots {
            saved.append(-1)
            places.append(-1)
        }
    }
}

/// Instructions at which ways have arrived, the preferred first: a set that is emptied in no time (Briggs and Torczon).
struct ExpressionWays {
    /// For each instruction, where it is in `members`, if that is so.
    private var places: [UInt16] = []
    private(set) var members: [UInt16] = []
    /// For each instruction, what its way remembers.
    var saved: [Int32] = []
    private(set) var steps = 0

    mutating func prepare(instructions: Int, slots: Int) {
        while places.count < instructions { places.append(0) }
        while saved.count < instructions * slots { saved.append(-1) }
        members.reserveCapacity(instructions)
        removeAll()
    }

    mutating func removeAll() { members.removeAll(keepingCapacity: true) }

    /// Adds an instruction; false if it is there already.
    mutating func insert(_ instruction: UInt16) -> Bool {
        steps += 1
        let place = Int(places[Int(instruction)])
        if place < members.count, members[place] == instruction { return false }
        places[Int(instruction)] = UInt16(members.count)
        members.append(instruction)
        return true
    }
}
