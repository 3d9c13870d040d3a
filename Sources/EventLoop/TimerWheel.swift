// Coarse timers for many connections. Pure: time comes in as an argument.

/// A hashed timer wheel with one timer for each index, made for deadlines that are moved on far more often than they
/// are reached.
///
/// Moving a deadline to a later time is one store: the entry stays where it is and is put further along when its turn
/// comes (lazy re-insertion). Only an earlier deadline moves the entry at once. A deadline is never reported early, and
/// late by one tick at most. Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987), scheme 6.
package struct TimerWheel: ~Copyable {
    /// Milliseconds in a tick.
    package static var tick: UInt64 { 64 }
    private static var slotCount: Int { 512 }

    struct Entry: BitwiseCopyable {
        var next: UInt32 = .max
        var previous: UInt32 = .max
        /// Where the entry is linked in; none if it is not.
        var slot: UInt16 = .max
        /// The tick at which the entry's slot is looked at next.
        var visit: UInt64 = 0
        /// In ticks; `.max` for none.
        var deadline: UInt64 = .max
    }

    var entries = Table<Entry>(reserving: 256)
    var heads = Table<UInt32>(reserving: TimerWheel.slotCount)
    /// The last tick that was handled.
    private var current: UInt64
    private var linked = 0
    /// No entry is looked at before this tick: where the search for the next one begins.
    private var earliest: UInt64 = 0

    package init(now: UInt64) {
        current = now / Self.tick
        heads.extend(to: Self.slotCount, with: .max)
    }

    /// Sets the deadline of `index`, in milliseconds on the same scale as `now`.
    package mutating func set(_ index: UInt32, at milliseconds: UInt64) {
        if Int(index) >= entries.count { entries.extend(to: Int(index) + 1, with: Entry()) }
        let deadline = milliseconds / Self.tick + 1
        entries[Int(index)].deadline = deadline
        if entries[Int(index)].slot != .max {
            if entries[Int(index)].visit <= deadline { return }
            unlink(index)
        }
        link(index)
    }

    /// Takes the deadline of `index` away.
    package mutating func cancel(_ index: UInt32) {
        if Int(index) < entries.count { entries[Int(index)].deadline = .max }
    }

    /// When something has to be looked at next, in milliseconds; `nil` if there is nothing.
    package mutating func nextVisit() -> UInt64? {
        if linked == 0 { return nil }
        var tick = max(current + 1, earliest)
        while tick <= current + UInt64(Self.slotCount) {
            if heads[Int(tick % UInt64(Self.slotCount))] != .max { break }
            tick += 1
        }
        earliest = tick
        return tick * Self.tick
    }

    /// Takes out one index whose deadline has passed at `now`; `nil` when there is none left.
    package mutating func popExpired(now: UInt64) -> UInt32? {
        let target = now / Self.tick
        // After a long sleep each slot needs to be visited once at most.
        if target > current + UInt64(Self.slotCount) { current = target - UInt64(Self.slotCount) }
        while current < target {
            if let index = popFromSlot(of: current + 1, until: target) { return index }
            current += 1
        }
        return nil
    }

    private mutating func popFromSlot(of tick: UInt64, until target: UInt64) -> UInt32? {
        var index = heads[Int(tick % UInt64(Self.slotCount))]
        while index != .max {
            let entry = entries[Int(index)]
            let following = entry.next
            if entry.visit <= target {
                unlink(index)
                if entry.deadline <= target {
                    entries[Int(index)].deadline = .max
                    return index
                }
                if entry.deadline != .max { link(index, notBefore: target + 1) }
            }
            index = following
        }
        return nil
    }

    private mutating func link(_ index: UInt32, notBefore bound: UInt64 = 0) {
        let deadline = max(entries[Int(index)].deadline, current + 1, bound)
        // Beyond the horizon: look again at the last slot before the wheel comes round.
        let visit = min(deadline, max(current, bound) + UInt64(Self.slotCount) - 1)
        let slot = Int(visit % UInt64(Self.slotCount))
        let head = heads[slot]
        entries[Int(index)].visit = visit
        entries[Int(index)].slot = UInt16(slot)
        entries[Int(index)].previous = .max
        entries[Int(index)].next = head
        if head != .max { entries[Int(head)].previous = index }
        heads[slot] = index
        linked += 1
        earliest = min(earliest, visit)
    }

    private mutating func unlink(_ index: UInt32) {
        let entry = entries[Int(index)]
        if entry.previous == .max {
            heads[Int(entry.slot)] = entry.next
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next != .max { entries[Int(entry.next)].previous = entry.previous }
        entries[Int(index)].slot = .max
        linked -= 1
    }
}
