// Drawing by weight in constant time.

/// TO BE WRITTEN
package struct AliasTable: Sendable, Equatable {
    package init(_ weights: [UInt32]) {}
}
