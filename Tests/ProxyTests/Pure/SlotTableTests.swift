import Testing

@testable import MartletProxy

@Suite struct SlotTableTests {
    private static func places(_ slots: inout Slots<String>, _ names: [String], inUse: Set<Int> = []) -> [Int] {
        slots.begin(inUse: inUse)
        return names.map { slots.claim($0) }
    }

    @Test func whoStaysKeepsItsPlace() {
        var slots = Slots<String>()
        #expect(Self.places(&slots, ["a", "b", "c"]) == [0, 1, 2])
        #expect(Self.places(&slots, ["c", "d", "a"]) == [2, 3, 0])
        #expect(slots.retired == [1])
        #expect(slots.isCurrent(3) && !slots.isCurrent(1))
    }

    @Test func aPlaceIsFreeWhenNothingRefersToIt() {
        var slots = Slots<String>()
        _ = Self.places(&slots, ["a", "b", "c"])
        _ = Self.places(&slots, ["c"])
        #expect(slots.retired == [0, 1])
        #expect(Self.places(&slots, ["c", "d", "e"], inUse: [0]) == [2, 1, 3])
        #expect(slots.retired == [0])
        #expect(Self.places(&slots, ["c", "d", "e"]) == [2, 1, 3])
        #expect(slots.retired == [] && slots.names[0] == nil)
    }

    @Test func whoComesBackTakesItsPlaceAgain() {
        var slots = Slots<String>()
        _ = Self.places(&slots, ["a", "b"])
        _ = Self.places(&slots, ["b"])
        #expect(Self.places(&slots, ["x", "a", "b"], inUse: [0]) == [2, 0, 1])
        #expect(slots.retired == [])
    }

    @Test func placesAtTheEndAreGivenUp() {
        var slots = Slots<String>()
        _ = Self.places(&slots, ["a", "b", "c"])
        _ = Self.places(&slots, ["a"])
        _ = Self.places(&slots, ["a"])
        #expect(slots.count == 1)
    }
}
