// The busiest of any number of keys, in memory that does not grow: Space-Saving (Metwally, Agrawal, El Abbadi, 2005) within sets of
// eight, so that a key costs eight comparisons, whatever comes.
//
// What the table counts of a key is exact from the moment at which the key has come in. When a set is full, the key with the least
// weight goes, and the one that comes takes over that weight: somebody who asks often stays, and whoever has come once cannot push
// away what is asked for all the time. What has been counted of keys that went is in `total` alone.

/// A key and what has been counted of it.
package struct TopEntry: Sendable, Equatable, BitwiseCopyable {
    /// A hash, or whatever else tells keys apart.
    package var key: UInt64 = 0
    /// Which of all that were ever in the table; 0 for none.
    package var serial: UInt32 = 0
    /// Exchanges that are over, those with a status of 4xx, and those with one of 5xx or without an answer.
    package var requests: UInt64 = 0
    package var clientErrors: UInt64 = 0
    package var errors: UInt64 = 0
    /// How long they took together.
    package var microseconds: UInt64 = 0
    /// How often it has come lately, and what was taken over from the key before. Both halve with time.
    package var recent: UInt64 = 0
    package var debt: UInt64 = 0

    package init() {}

    package var isUsed: Bool { serial != 0 }
    /// What it has to be pushed away.
    var weight: UInt64 { recent &+ debt }

    mutating func add(_ ending: TopEnding) {
        requests &+= 1
        microseconds &+= ending.microseconds
        if ending.isError { errors &+= 1 } else if ending.isClientError { clientErrors &+= 1 }
    }
}

/// How an exchange has ended, as these tables count it.
package struct TopEnding: Sendable, BitwiseCopyable {
    package let microseconds: UInt64
    package let isClientError: Bool
    package let isError: Bool

    /// - Parameter status: 0 for no answer.
    package init(status: Int, microseconds: UInt64) {
        self.microseconds = microseconds
        isClientError = (400..<500).contains(status)
        isError = status >= 500 || status < 100
    }
}

/// Where a key stands, as long as it does.
package struct TopPlace: Sendable, Equatable, BitwiseCopyable {
    /// An index of the entries, and the serial that the entry has then; 0 for nowhere.
    package var index: UInt32 = 0
    package var serial: UInt32 = 0

    package init() {}
    init(index: Int, serial: UInt32) { (self.index, self.serial) = (UInt32(index), serial) }
}

/// Counts the busiest keys. All memory is taken at the beginning.
package struct TopTable: Sendable {
    private static let ways = 8

    package private(set) var entries: [TopEntry]
    /// Exchanges that were counted at all, and keys that were pushed away.
    package private(set) var total: UInt64 = 0
    package private(set) var replaced: UInt64 = 0
    /// The last that was given out. It goes on from one table to the next, so that no place is taken for another.
    package private(set) var serial: UInt32
    private let mask: UInt64

    /// - Parameter keys: how many there is room for, a power of two from 8 on.
    package init(keys: Int, serial: UInt32 = 0) {
        precondition(keys >= Self.ways && keys & (keys - 1) == 0, "a power of two")
        entries = Array(repeating: TopEntry(), count: keys)
        mask = UInt64(keys / Self.ways - 1)
        self.serial = serial
    }

    /// The place of a key that has come, which makes room for itself if need be.
    /// - Returns: where it is, and whether it was not there before.
    package mutating func claim(_ key: UInt64) -> (place: TopPlace, isNew: Bool) {
        let first = Int(key & mask) * Self.ways
        var least = first
        for index in first..<first + Self.ways {
            if entries[index].key == key && entries[index].isUsed {
                entries[index].recent &+= 1
                return (TopPlace(index: index, serial: entries[index].serial), false)
            }
            if entries[index].weight < entries[least].weight { least = index }
        }
        var entry = TopEntry()
        if entries[least].isUsed { replaced &+= 1 }
        entry.debt = entries[least].weight
        entry.recent = 1
        entry.key = key
        serial = serial == .max ? 1 : serial + 1
        entry.serial = serial
        entries[least] = entry
        return (TopPlace(index: least, serial: serial), true)
    }

    /// Whether a place is still that of the key for which it was given.
    package func isCurrent(_ place: TopPlace) -> Bool {
        place.serial != 0 && Int(place.index) < entries.count && entries[Int(place.index)].serial == place.serial
    }

    /// Counts an exchange that is over; in the total alone, if its key has none of the places any more.
    package mutating func count(_ ending: TopEnding, at place: TopPlace) {
        total &+= 1
        if isCurrent(place) { entries[Int(place.index)].add(ending) }
    }

    /// Lets what was long ago count half: what has come up lately gets its chance.
    package mutating func age() {
        for index in entries.indices {
            entries[index].recent /= 2
            entries[index].debt /= 2
        }
    }
}
