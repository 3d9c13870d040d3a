// What a target is: inputs to begin with, and properties that hold for all others too.

/// A property that did not hold.
struct Violation: Error {
    /// The property that was expected.
    let property: String
}

/// A parser with its properties.
protocol FuzzTarget {
    /// What it is called on the command line.
    static var name: String { get }
    /// Inputs from which others are made, as text.
    static var corpus: [String] { get }
    /// The same as bytes, where they are no text.
    static var seeds: [[UInt8]] { get }
    /// Tries one input. True if the parser accepted it: inputs that are all refused would try little.
    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool
}

extension FuzzTarget {
    static var corpus: [String] { [] }
    static var seeds: [[UInt8]] { corpus.map { Array($0.utf8) } }
}

/// Throws unless `condition` holds.
func require(_ condition: Bool, _ property: @autoclosure () -> String) throws(Violation) {
    guard condition else { throw Violation(property: property()) }
}
