// Sets of known field names.

/// A set of known fields, one bit each.
@usableFromInline
package struct KnownFieldSet: BitwiseCopyable, Equatable, Sendable, ExpressibleByArrayLiteral {
    /// Bit `n` stands for the field whose raw value is `n`.
    @usableFromInline var bits: UInt64

    /// The empty set.
    @inlinable @inline(__always)
    package init() { bits = 0 }

    /// The set of these fields.
    @inlinable
    package init(arrayLiteral fields: KnownField...) {
        bits = 0
        for field in fields { insert(field) }
    }

    /// Whether nothing is in it.
    @inlinable @inline(__always)
    package var isEmpty: Bool { bits == 0 }

    /// Puts `field` in.
    @inlinable @inline(__always)
    package mutating func insert(_ field: KnownField) { bits |= KnownFieldSet.bit(field) }

    /// Takes `field` out.
    @inlinable @inline(__always)
    package mutating func remove(_ field: KnownField) { bits &= ~KnownFieldSet.bit(field) }

    /// Whether `field` is in it.
    @inlinable @inline(__always)
    package func contains(_ field: KnownField) -> Bool { bits & KnownFieldSet.bit(field) != 0 }

    /// What is in either.
    @inlinable @inline(__always)
    package func union(_ other: KnownFieldSet) -> KnownFieldSet {
        var union = self
        union.bits |= other.bits
        return union
    }

    /// Whether no field is in both.
    @inlinable @inline(__always)
    package func isDisjoint(with other: KnownFieldSet) -> Bool { bits & other.bits == 0 }

    @inlinable @inline(__always)
    static func bit(_ field: KnownField) -> UInt64 { 1 &<< UInt64(field.rawValue) }
}
