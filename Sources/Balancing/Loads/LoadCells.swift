// Memory that all loops share. One of the few files that hold `unsafe`: the cells are raw memory, every access is checked.
import Glibc
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
    private let memory: UnsafeMutableRawPointer

    init(rows: Int) {
        self.rows = rows
        let count = (rows + 1) * Self.rowSize
        // Zeros, which is what an atomic 0 is, in pages that come when they are first touched: room for servers that may come
        // costs nothing until they do.
        guard let zeros = unsafe calloc(count * 8 + Self.alignment, 1) else { fatalError("no memory for loads") }
        unsafe memory = zeros
        unsafe cells = zeros.alignedUp(toMultipleOf: Self.alignment)
            .bindMemory(to: Atomic<UInt64>.self, capacity: count)
    }

    /// In bytes: a row.
    private static var alignment: Int { 128 }

    deinit { unsafe free(memory) }

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
