// Comparing what must not be guessed piece by piece.

/// Comparisons whose time says nothing of where two values differ.
package enum ConstantTime {
    /// Whether both are the same. Only their lengths show in the time that it takes.
    package static func equals(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        if one.count != other.count { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }
}
