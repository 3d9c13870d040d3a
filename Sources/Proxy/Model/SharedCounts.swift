// Counts that go with parts of the config.
import Synchronization

/// How often each of some things has happened, counted by all loops together. For what happens to a few requests only: the loops
/// write to the same places.
package final class SharedCounts: Sendable {
    private final class Cell: Sendable {
        let count = Atomic<UInt64>(0)
    }

    private let cells: [Cell]

    /// Counts of `count` things.
    package init(_ count: Int) { cells = (0..<count).map { _ in Cell() } }

    /// Counts of things of which some have been counted before: places of `other`, `nil` for those that are new.
    package init(_ places: [Int?], of other: SharedCounts) {
        cells = places.map { place in place.map { other.cells[$0] } ?? Cell() }
    }

    func add(_ place: Int) { cells[place].count.wrappingAdd(1, ordering: .relaxed) }

    /// How often the thing at a place has happened.
    package func read(_ place: Int) -> UInt64 { cells[place].count.load(ordering: .relaxed) }
}
