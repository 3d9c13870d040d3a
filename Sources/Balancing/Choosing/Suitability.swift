// What speaks against a server when another one is to be had.

/// How well a server would do, whatever its load. Better ones are less.
enum Suitability: UInt8, Comparable {
    case good
    /// It asked to be left alone.
    case avoided
    /// The exchange has been there already.
    case tried
    case triedAndAvoided
    /// It has as many exchanges as it may have, and is not chosen at all.
    case full

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// How a member would do for an exchange.
    init(_ member: Candidate, _ question: Question, _ loads: ServerLoads) {
        let server = Int(member.server)
        if loads.inFlight(server) >= Int(member.limit) {
            self = .full
            return
        }
        let isAvoided = loads.isAvoided(server, now: question.now)
        if question.tried.contains(server) {
            self = isAvoided ? .triedAndAvoided : .tried
        } else {
            self = isAvoided ? .avoided : .good
        }
    }
}

/// What choosing takes.
struct Effort: BitwiseCopyable {
    var chance: Chance
    /// How many servers have been looked at, ever.
    var looks = 0

    init(seed: UInt64) { chance = Chance(seed: seed) }
}

/// The best found so far of the servers that are looked at one after the other.
struct Find: BitwiseCopyable {
    /// As a place in the roster; `nil` as long as all are full.
    private(set) var place: Int?
    private(set) var suitability = Suitability.full

    init() {}

    init(_ place: Int, _ suitability: Suitability) {
        self.place = place
        self.suitability = suitability
    }

    /// Notes a server if it is better than the best so far; whether there can be no better one.
    mutating func note(_ place: Int, _ suitability: Suitability) -> Bool {
        if suitability < self.suitability {
            self.place = place
            self.suitability = suitability
        }
        return suitability == .good
    }
}

/// Goes through the servers when those drawn would not do. So that ten thousand servers that are all full cost what a few
/// hundred cost, it looks at so many at a time, and goes on from there the next time.
struct Walk: BitwiseCopyable {
    static var length: Int { 256 }
    private var next = 0

    /// The best of the next servers, or what had been found before if that is as good.
    mutating func search(
        _ found: Find, _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Find {
        var found = found
        let count = roster.members.count
        for _ in 0..<min(count, Self.length) {
            next = next + 1 < count ? next + 1 : 0
            effort.looks &+= 1
            if found.note(next, Suitability(roster.members[next], question, loads)) { break }
        }
        return found
    }
}
