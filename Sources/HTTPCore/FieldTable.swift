// The field lines of a head, in order, as positions in the arena. One of the few files that hold `unsafe`: the table is raw
// memory, every access is checked.

/// One field line: where its name and its value stand in the arena, and what is known of it.
@usableFromInline
package struct FieldLine: BitwiseCopyable, Equatable, Sendable {
    /// The name, a token, as it was sent.
    @usableFromInline package var name: ByteRange
    /// The value without blanks around it; may be empty.
    @usableFromInline package var value: ByteRange
    /// The name by number.
    @usableFromInline package var known: KnownField
    /// It is for this connection only and never passes: listed in RFC 9110 section 7.6.1, or nominated by Connection.
    @usableFromInline package var isHopByHop: Bool

    /// A line of these parts.
    @inlinable @inline(__always)
    package init(name: ByteRange, value: ByteRange, known: KnownField = .other, isHopByHop: Bool = false) {
        self.name = name
        self.value = value
        self.known = known
        self.isHopByHop = isHopByHop
    }
}

/// The field lines of a head in the order they came, up to a number that is fixed when the table is made. It is never
/// copied, so that a change costs no uniqueness check.
@safe
@usableFromInline
package struct FieldTable: ~Copyable {
    /// As many as the table can hold; those from `count` on mean nothing.
    @usableFromInline let lines: UnsafeMutablePointer<FieldLine>
    /// How many lines there may be.
    @usableFromInline package let capacity: Int
    @usableFromInline var used = 0
    @usableFromInline var known = KnownFieldSet()
    /// Connection nominates fields, which end at this hop; trailers by such a name do as well (RFC 9110 section 7.6.1).
    @usableFromInline package var isNominating = false

    /// An empty table for up to `capacity` lines, for which the memory is taken at once (20 bytes a line).
    package init(capacity: Int) {
        self.capacity = capacity
        unsafe lines = .allocate(capacity: max(capacity, 1))
        unsafe lines.initialize(repeating: FieldLine(name: ByteRange(), value: ByteRange()), count: capacity)
    }

    deinit { unsafe lines.deallocate() }

    /// How many lines there are.
    @inlinable @inline(__always)
    package var count: Int { used }

    /// The known fields among the lines, so that absence is one test; never `other`. A line that is changed later adds
    /// to it but takes nothing away.
    @inlinable @inline(__always)
    package var present: KnownFieldSet { known }

    /// Adds a line at the end. False when the table is full.
    @inlinable @inline(__always)
    package mutating func append(_ line: FieldLine) -> Bool {
        guard used < capacity else { return false }
        unsafe lines[used] = line
        used &+= 1
        note(line.known)
        return true
    }

    /// The line at `index`, which must be below `count`.
    @inlinable @inline(__always)
    package subscript(index: Int) -> FieldLine {
        get {
            precondition(index >= 0 && index < used)
            return unsafe lines[index]
        }
        set {
            precondition(index >= 0 && index < used)
            unsafe lines[index] = newValue
            note(newValue.known)
        }
    }

    /// Forgets all lines.
    @inlinable @inline(__always)
    package mutating func removeAll() {
        used = 0
        known = KnownFieldSet()
        isNominating = false
    }

    /// The index of the first line of `field`, nil if there is none.
    @inlinable
    package func firstIndex(of field: KnownField) -> Int? {
        guard known.contains(field) else { return nil }
        for index in 0..<used where unsafe lines[index].known == field { return index }
        return nil
    }

    @inlinable @inline(__always)
    mutating func note(_ field: KnownField) {
        known.bits |= KnownFieldSet.bit(field) & ~1
    }
}
