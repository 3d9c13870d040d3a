// Memory that all loops share. One of the few files that hold `unsafe`: the cells are raw memory, every access is checked.
import Synchronization

/// Rows of atomic numbers, each row on cache lines of its own, so that loops that work with different servers do not
/// disturb each other. All accesses are relaxed: each number stands for itself.
@safe
@usableFromInline
final class LoadCells: @unchecked Sendable {
    /// Numbers in a row: two cache lines, as processors fetch them in pairs.
    @inlinable static var rowSize: Int { 16 }

    @usableFromInline let cells: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let rows: Int

    init(rows: Int) {
        self.rows = rows
        let count = (rows + 1) * Self.rowSize
        unsafe cells = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 128)
            .bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { unsafe (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize(count: (rows + 1) * Self.rowSize)
        unsafe UnsafeMutableRawPointer(cells).deallocate()
    }

    @inlinable
    @inline(__always)
    func place(_ row: Int, _ column: Int) -> Int {
        precondition(row >= 0 && row < rows && column >= 0 && column < Self.rowSize, "no such cell")
        return row * Self.rowSize + column
    }

    @inlinable
    @inline(__always)
    func read(_ row: Int, _ column: Int) -> UInt64 {
        unsafe cells[place(row, column)].load(ordering: .relaxed)
    }

    @inlinable
    @inline(__always)
    func write(_ row: Int, _ column: Int, _ value: UInt64) {
        unsafe cells[place(row, column)].store(value, ordering: .relaxed)
    }

    /// Adds, wrapping, and returns the sum; no loop's addition is lost.
    @inlinable
    @inline(__always)
    func add(_ row: Int, _ column: Int, _ amount: UInt64) -> UInt64 {
        unsafe cells[place(row, column)].wrappingAdd(amount, ordering: .relaxed).newValue
    }

    /// Writes `value` if the cell holds `expected`; whether it did.
    func exchange(_ row: Int, _ column: Int, expected: UInt64, _ value: UInt64) -> Bool {
        unsafe cells[place(row, column)].compareExchange(
            expected: expected, desired: value, ordering: .sequentiallyConsistent
        ).exchanged
    }
}
